import type * as FileSystem from 'node:fs/promises';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { beside } from '../../src/node/beside.ts';

/** Called before and after each change of a folder. */
const reader = vi.hoisted((): { look: () => Promise<void> } => ({ look: async () => {} }));

vi.mock('node:fs/promises', async (load) => {
  const real = await load<typeof FileSystem>();
  const watched =
    <A extends unknown[]>(change: (...args: A) => Promise<void>) =>
    async (...args: A) => {
      await reader.look();
      await change(...args);
      await reader.look();
    };
  return { ...real, rename: watched(real.rename), rm: watched(real.rm) };
});

type Files = Readonly<Record<string, string>>;

async function write(folder: string, files: Files): Promise<void> {
  await mkdir(join(folder, 'metadata'), { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
}

/** What a reader sees, as often as there is something else to see. */
async function seen(before: Files, after: Files): Promise<(readonly (string | undefined)[])[]> {
  const folder = await mkdtemp(join(tmpdir(), 'diptych-beside-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await write(folder, before);
  const states: (string | undefined)[][] = [];
  reader.look = async () => {
    const names = Object.keys(before);
    states.push(
      await Promise.all(names.map(async (name) => readFile(join(folder, name), 'utf8').catch(() => undefined))),
    );
  };
  await beside(folder, async (partial) => write(partial, after));
  reader.look = async () => {};
  return states.filter((state, i) => String(state) !== String(states[i - 1]));
}

it.each([
  ['a model', 'config.json', ['model.safetensors', 'vocab.json', 'modules.json']],
  ['rows and their names', 'metadata/metadata_0.parquet', ['img_emb_0.npy']],
])('whoever begins with the head of %s sees no old file with a new one', async (_, head, others) => {
  const files = (content: string): Files => Object.fromEntries([head, ...others].map((name) => [name, content]));
  const states = await seen(files('old'), files('new'));
  const found = states.filter(([first]) => first !== undefined).map((state) => state.join());
  expect(found).toEqual([files('old'), files('new')].map((all) => Object.values(all).join()));
});

it('one file that changes takes the place of the one before, and the rest stays', async () => {
  const old = { 'config.json': 'same', 'vocab.json': 'same', 'model.safetensors': 'old' };
  expect(await seen(old, { ...old, 'model.safetensors': 'new' })).toEqual([
    ['same', 'same', 'old'],
    ['same', 'same', 'new'],
  ]);
});

it('a head that stays the same is gone while two others change', async () => {
  const old = { 'config.json': 'same', 'vocab.json': 'old', 'model.safetensors': 'old' };
  const states = await seen(old, { 'config.json': 'same', 'vocab.json': 'new', 'model.safetensors': 'new' });
  expect(states.filter(([first]) => first !== undefined).map(String)).toEqual(['same,old,old', 'same,new,new']);
});
