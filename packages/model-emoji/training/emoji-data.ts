import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { shuffled } from '@diptych/datasets';

/** Beside the clone; `../shared/data/emoji` from its root. */
export const sharedEmoji: string = join(import.meta.dirname, '../../../../shared/data/emoji');

export const styles = ['noto', 'fluent3d', 'fluentflat'] as const;
export type Style = (typeof styles)[number];

/** Never seen in training. It shares designs with `fluent3d`, not shading, outlines or colours. */
export const heldOutStyle: Style = 'fluentflat';

/** One line of `annotations.jsonl`. */
export interface Emoji {
  readonly id: string;
  readonly emoji: string;
  readonly images: Readonly<Partial<Record<Style, string>>>;
  /** Name by language. */
  readonly labels: Readonly<Record<string, string>>;
  readonly keywords: Readonly<Record<string, readonly string[]>>;
}

export async function readEmoji(folder: string): Promise<Emoji[]> {
  const lines = (await readFile(join(folder, 'annotations.jsonl'), 'utf8')).split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Emoji);
}

/** A tenth of all emoji, chosen by a fixed seed: ids whose pictures and words no training sees. */
export function heldOutIds(all: readonly Emoji[]): ReadonlySet<string> {
  const ids = shuffled(
    all.map(({ id }) => id),
    { seed: 2026 },
  );
  return new Set(ids.slice(0, Math.round(all.length / 10)));
}
