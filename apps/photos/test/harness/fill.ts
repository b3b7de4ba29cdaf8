import { Collection } from '../../src/library/collection.ts';
import { openModel, shipped } from '../../src/library/models.ts';
import type { Photo } from '../../src/library/photo.ts';
import { loose } from '../../src/library/source.ts';
import { Vectors } from '../../src/library/vectors.ts';

/** Rows that are stored at a time. */
const block = 1000;

/** Photos that have a copy: photo `i` is that of photo `i + 1`, for the even ones below. */
const copied = 20;

/** Fills the browser with photos that nobody took: rows of a seed, in twelve clouds. There are no files and no thumbnails. */
export async function fill(count: number): Promise<void> {
  const choice = shipped[0]!;
  using model = await openModel(choice);
  const collection = await Collection.open();
  await collection.putSource(loose);
  const vectors = await Vectors.open(choice.key, model.embedder, collection);
  const { dim } = model.embedder;
  const next = random(1);
  const normal = () => next() + next() + next() + next() - 2;
  const centres = Array.from({ length: 12 }, () => Float32Array.from({ length: dim }, normal));
  for (let start = 0; start < count; start += block) {
    const size = Math.min(block, count - start);
    const rows = new Float32Array(size * dim);
    for (let i = 0; i < size; i++) {
      const row = rows.subarray(i * dim, (i + 1) * dim);
      const isCopy = start + i < copied && i % 2 === 1;
      if (isCopy) row.set(rows.subarray((i - 1) * dim, i * dim));
      else row.set(unit(centres[i % centres.length]!.map((value) => value + 2 * normal())));
    }
    const photos = Array.from({ length: size }, (_, i) => photo(start + i));
    await collection.keepEmbedded({ photos, thumbnails: new Map(), rows, refused: [] });
    await vectors.put(photos, rows);
  }
  await vectors.close();
}

function photo(i: number): Photo {
  const name = `photo ${i}.jpg`;
  const modified = 2e12 - i;
  return { id: `loose/${name}?1-${i}`, name, path: name, bytes: 1, modified, width: 1, height: 1, source: loose.id };
}

function unit(row: Float32Array): Float32Array {
  const length = Math.hypot(...row);
  return row.map((value) => value / length);
}

/** From 0 to 1 (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
