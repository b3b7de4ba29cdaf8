import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddingError } from '@diptych/core';
import { type Modality, open } from 'diptych';
import { lateLayouts } from './late-layouts.ts';
import { besides, families, type Layout, replaced, timmTowers } from './layouts.ts';
import { mutated, seeded } from './mutate.ts';
import { ownFamilies } from './own-families.ts';

const [, , kinds = '', which = 'families', count = '1500', seed = '1'] = process.argv;

/** What went otherwise than a coded error or rows. */
interface Finding {
  readonly family: string;
  readonly seed: number;
  readonly problem: string;
  readonly config: string;
}

const pixels = { data: new Uint8ClampedArray(3 * 9 * 9).fill(99), width: 9, height: 9, channels: 3 as const };

async function tryOne(layout: Layout, config: string): Promise<void> {
  const { folder, file, architectures, embeds, read } = layout;
  if (read) return read(layout, config);
  const options = { backend: 'cpu', ...(architectures && { architectures }) } as const;
  using space = await open(replaced(folder, file, config), options);
  const has = (modality: Modality) => space.modalities.includes(modality) && (embeds?.includes(modality) ?? true);
  if (has('text')) await space.embed('text', ['a b']);
  if (has('image')) await space.embed('image', [pixels]);
}

async function problemOf(run: () => Promise<void>): Promise<string | undefined> {
  const before = process.cpuUsage();
  try {
    await run();
  } catch (error) {
    if (!(error instanceof EmbeddingError))
      return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  const { user, system } = process.cpuUsage(before);
  return user + system > 5e6 ? `${(user + system) / 1e6} s` : undefined;
}

const layouts = { families, timm: timmTowers, beside: besides, own: ownFamilies, late: lateLayouts } as const;
for (const layout of await layouts[which as keyof typeof layouts](kinds)) {
  const { name, folder, file } = layout;
  const json: unknown = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  for (let i = 0; i < Number(count); i++) {
    const each = Number(seed) * 1_000_003 + i * 7919;
    const config = JSON.stringify(mutated(json, seeded(each)));
    const problem = await problemOf(async () => tryOne(layout, config));
    if (problem === undefined) continue;
    const finding: Finding = { family: name, seed: each, problem, config };
    process.stdout.write(`${JSON.stringify(finding)}\n`);
  }
}
process.stderr.write(`peak ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB\n`);
