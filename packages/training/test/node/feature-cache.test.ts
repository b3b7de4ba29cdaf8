import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Embedder } from '../../src/embedder.ts';
import { cachedOpen } from '../../src/node/cached-embedder.ts';

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'diptych-features-'));
  onTestFinished(async () => rm(folder, { recursive: true }));
  return folder;
}

/** A model in a folder that has its weights in a file; `seen` are the items that it computed. */
async function model(weights = 'w') {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'weights'), weights);
  const seen: string[] = [];
  const embed = async (
    _: string,
    items: AsyncIterable<Uint8Array> | readonly string[],
    options: { normalize: boolean },
  ) => {
    const rows: number[] = [];
    for await (const item of items) {
      const text = typeof item === 'string' ? item : new TextDecoder().decode(item);
      seen.push(text);
      rows.push(Math.sin(text.length), Math.cos(text.charCodeAt(0)), options.normalize ? 1 : 0);
    }
    return { data: Float32Array.from(rows), shape: [rows.length / 3, 3] as const };
  };
  const embedder: Embedder = { modalities: ['image', 'text'], embed, [Symbol.dispose]: () => {} };
  return { folder, seen, open: async () => embedder };
}

async function* images(...names: readonly string[]) {
  for (const name of names) yield new TextEncoder().encode(name);
}

async function rowFiles(cache: string): Promise<readonly string[]> {
  const all = await readdir(cache, { recursive: true });
  return all.filter((name) => name.endsWith('.safetensors')).map((name) => join(cache, name));
}

it('computes each content once, whatever it is called, and gives the same bits from the disk', async () => {
  const [cache, { folder, seen, open }] = [await temporaryFolder(), await model()];
  const run = async (...names: readonly string[]) => {
    using opened = await cachedOpen(open, cache)(folder, {});
    return opened.embed('image', images(...names), { normalize: false });
  };
  const alone = await (await open()).embed('image', images('a', 'bb', 'a'), { normalize: false });
  seen.length = 0;
  expect(await run('a', 'bb', 'a')).toEqual(alone);
  expect(seen).toEqual(['a', 'bb']);
  expect(await run('a', 'bb', 'a')).toEqual(alone);
  expect(seen).toEqual(['a', 'bb']);
  expect((await run('ccc', 'bb')).data.subarray(3)).toEqual(alone.data.subarray(3, 6));
  expect(seen).toEqual(['a', 'bb', 'ccc']);
});

it('keeps modalities, normalisation, and other weights apart', async () => {
  const [cache, one, other] = [await temporaryFolder(), await model(), await model('v')];
  for (const { folder, open } of [one, other, one]) {
    using opened = await cachedOpen(open, cache)(folder, {});
    await opened.embed('image', images('a'), { normalize: false });
    expect((await opened.embed('image', images('a'), { normalize: true })).data[2]).toBe(1);
    await opened.embed('text', ['a'], { normalize: false });
  }
  expect([one.seen, other.seen]).toEqual([
    ['a', 'a', 'a'],
    ['a', 'a', 'a'],
  ]);
});

it('computes again what is damaged, cut short or in the way, and nothing else', async () => {
  const [cache, { folder, seen, open }] = [await temporaryFolder(), await model()];
  const names = Array.from({ length: 300 }, (_, i) => `item ${i}`);
  const run = async () => {
    using opened = await cachedOpen(open, cache)(folder, {});
    return opened.embed('image', images(...names), { normalize: false });
  };
  const first = await run();
  const files = await rowFiles(cache);
  expect(files).toHaveLength(2); // Of 256 and of 44.
  for (const damage of ['flip', 'cut', 'longer'] as const) {
    seen.length = 0;
    for (const path of files) {
      const bytes = await readFile(path);
      if (!bytes.includes('44, 3') && !bytes.includes('44,3')) continue;
      if (damage === 'flip') bytes[bytes.length - 1]! ^= 1;
      if (damage === 'longer') await appendFile(path, 'x');
      else await writeFile(path, damage === 'cut' ? bytes.subarray(0, 100) : bytes);
    }
    expect(await run()).toEqual(first);
    expect(seen).toEqual(names.slice(256));
    expect((await rowFiles(cache)).toSorted()).toEqual(files.toSorted());
  }
  // Of the right name, and no rows.
  const bytes = 'none';
  const { sha256 } = await import('../../src/node/feature-cache.ts');
  await writeFile(join(files[0]!, '..', `${sha256(bytes)}.safetensors`), bytes);
  expect(await run()).toEqual(first);
  expect((await rowFiles(cache)).toSorted()).toEqual(files.toSorted());
});

it('serves two runs at once, and the next has what either computed', async () => {
  const [cache, { folder, seen, open }] = [await temporaryFolder(), await model()];
  const run = async (...names: readonly string[]) => {
    using opened = await cachedOpen(open, cache)(folder, {});
    return opened.embed('text', names, { normalize: false });
  };
  await Promise.all([run('a', 'b'), run('b', 'c'), run('a', 'b')]);
  seen.length = 0;
  expect((await run('a', 'b', 'c')).shape).toEqual([3, 3]);
  expect(seen).toEqual([]);
  expect((await readdir(cache, { recursive: true })).filter((name) => name.endsWith('.partial'))).toEqual([]);
});

it('keeps what was computed before a run ended', async () => {
  const [cache, { folder, seen, open }] = [await temporaryFolder(), await model()];
  const controller = new AbortController();
  const { signal } = controller;
  async function* endless() {
    for (let i = 0; ; i++) {
      if (i === 600) controller.abort('enough');
      yield new TextEncoder().encode(`item ${i}`);
    }
  }
  using opened = await cachedOpen(open, cache)(folder, { signal });
  await expect(opened.embed('image', endless(), { normalize: false, signal })).rejects.toBe('enough');
  seen.length = 0;
  using again = await cachedOpen(open, cache)(folder, {});
  await again.embed('image', images(...Array.from({ length: 512 }, (_, i) => `item ${i}`)), { normalize: false });
  expect(seen).toEqual([]);
});
