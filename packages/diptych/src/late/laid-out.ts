import type { TextBatch } from '@diptych/core';
import type { LateConfig } from './late-config.ts';
import type { TokenIds } from './token-ids.ts';

/** Texts that ask, or texts that answer. */
export type LateKind = 'query' | 'document';

/** A batch as the network takes it, and which of its tokens' rows are kept. */
export interface LaidOut {
  readonly batch: TextBatch;
  /** Tokens in order, as `text * length + place`. */
  readonly kept: readonly number[];
  /** Of each text. */
  readonly counts: readonly number[];
}

/**
 * Puts the marker behind the first token, cuts what is too long before the last one, and fills queries up with `[MASK]`. Of
 * documents the rows of padding and of skipped tokens are left out.
 */
export function layOut(texts: TextBatch, kind: LateKind, config: LateConfig, id: TokenIds): LaidOut {
  const { marker, length: most } = config[kind];
  const rows = rowsOf(texts).map((own) => {
    const marked = [own[0]!, id(marker), ...own.slice(1)];
    return marked.length <= most ? marked : [...marked.slice(0, most - 1), own.at(-1)!];
  });
  const isQuery = kind === 'query';
  const length = isQuery ? most : Math.max(0, ...rows.map((row) => row.length));
  const ids = new Int32Array(rows.length * length).fill(id(isQuery ? '[MASK]' : '[PAD]'));
  const mask = new Int32Array(rows.length * length).fill(Number(isQuery && config.attends));
  const skipped = new Set(isQuery ? [] : config.skipped.map(id));
  const kept = rows.map((row, i) => {
    ids.set(row, i * length);
    mask.fill(1, i * length, i * length + row.length);
    const places = Array.from({ length: isQuery ? length : row.length }, (_, place) => i * length + place);
    return places.filter((at) => !skipped.has(ids[at]!));
  });
  return {
    batch: { ids, mask, shape: [rows.length, length] },
    kept: kept.flat(),
    counts: kept.map((one) => one.length),
  };
}

/** The ids of each text, without padding. */
function rowsOf({ ids, mask, shape: [n, length] }: TextBatch): number[][] {
  return Array.from({ length: n }, (_, i) => {
    const own = Array.from(ids.subarray(i * length, (i + 1) * length));
    return own.filter((__, place) => mask[i * length + place] === 1);
  });
}
