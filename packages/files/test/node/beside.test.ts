import type * as FileSystem from 'node:fs/promises';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { beside, besideOf } from '../../src/node/beside.ts';
import { directory } from '../../src/node/directory.ts';

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
  const makes = watched(async (...args: Parameters<typeof real.mkdir>) => void (await real.mkdir(...args)));
  return { ...real, mkdir: makes, rename: watched(real.rename), rm: watched(real.rm) };
});

type Files = Readonly<Record<string, string>>;

async function write(folder: string, files: Files): Promise<void> {
  await mkdir(join(folder, 'metadata'), { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
}

async function folderOf(files: Files): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'diptych-beside-'));
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  await write(folder, files);
  return folder;
}

/** What a reader sees, as often as there is something else to see. */
async function seen(before: Files, after: Files): Promise<(readonly (string | undefined)[])[]> {
  const folder = await folderOf(before);
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

/** Files as `directory` finds them, those that it lists. */
async function read(folder: string): Promise<Files> {
  const files = directory(folder);
  const found: Record<string, string> = {};
  for (const path of ((await files.paths?.()) ?? []).toSorted()) {
    const source = (await files.open(path))!;
    found[path] = new TextDecoder().decode(await source.read(0, source.size));
  }
  return found;
}

/** Begins an output that stops for ever at one of its changes of the folder, as a kill stops it. */
async function killedAt(change: number, folder: string, after: Files): Promise<'killed' | 'whole'> {
  let changes = 0;
  const killed = new Promise<'killed'>((resolve) => {
    reader.look = async () => {
      if (changes++ < change) return;
      resolve('killed');
      await new Promise(() => {});
    };
  });
  const whole = beside(folder, async (partial) => write(partial, after)).then(() => 'whole' as const);
  const how = await Promise.race([killed, whole]);
  reader.look = async () => {};
  return how;
}

it.each([
  ['a model', ['config.json', 'model.json', 'model.safetensors', 'vocab.json']],
  ['rows and their names', ['img_emb_0.npy', 'metadata/metadata_0.parquet']],
])('a kill at any moment leaves %s as it was or as it will be, whole', async (_, names) => {
  const files = (content: string): Files => Object.fromEntries(names.map((name) => [name, content]));
  const kept = { 'notes.txt': 'mine' };
  const [old, wanted] = [
    { ...files('old'), ...kept },
    { ...files('new'), ...kept },
  ];
  const states: boolean[] = [];
  for (let change = 0, how = ''; how !== 'whole'; change++) {
    const folder = await folderOf(old);
    how = await killedAt(change, folder, files('new'));
    const found = await read(folder);
    states.push('new' === found[names[0]!]);
    expect(found).toEqual(states.at(-1) ? wanted : old);
    // The next output puts in order what the last one left, whatever becomes of itself.
    await (await besideOf(folder)).discard();
    for (const [name, content] of Object.entries(found))
      expect(await readFile(join(folder, name), 'utf8')).toBe(content);
    expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
  }
  expect(states.length).toBeGreaterThan(12);
  expect(states).toEqual(states.toSorted((a, b) => Number(a) - Number(b)));
  expect(new Set(states)).toEqual(new Set([false, true]));
});
