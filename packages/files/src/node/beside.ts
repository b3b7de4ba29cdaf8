import { access, constants, lstat, mkdir, readdir, readFile, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { EmbeddingError, expectText } from '@diptych/core';
import { onDisk } from './disk-error.ts';
import { makeFolder } from './make-folder.ts';
import { partialName, publishedName } from './output-names.ts';

/** Files on their way into a folder. */
export interface Beside {
  /** Where to write them, by the paths that they will have. */
  readonly partial: string;
  /** Moves all of them into the folder, once they are whole. Other files there stay. */
  readonly publish: () => Promise<void>;
  /** Instead of `publish`: leaves the folder as it was. */
  readonly discard: () => Promise<void>;
}

/**
 * A place inside the folder, which is made where it is missing, for files that are to be there all or not at all.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` with the path, as its methods do, where the disk refuses.
 */
export async function besideOf(folder: string): Promise<Beside> {
  expectText(folder, 'folder');
  const partial = join(folder, partialName);
  const begin = async (): Promise<string | undefined> => {
    const made = await makeFolder(folder);
    await complete(folder); // Another run was killed while it moved its files.
    // A link that somebody put there is not followed.
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial);
    return made;
  };
  const made = await onDisk(folder, begin);
  const remove = async (): Promise<void> => rm(partial, { recursive: true, force: true });
  return {
    partial,
    publish: async () =>
      onDisk(folder, async () => {
        await expectPlaces(partial, folder);
        await rename(partial, join(folder, publishedName));
        await complete(folder);
      }),
    async discard() {
      await remove();
      if (made !== undefined) await rmdir(folder).catch(() => {}); // Others may have put something there.
    },
  };
}

/** What `make` writes, published; discarded where it fails. */
export async function beside<T>(folder: string, make: (partial: string) => Promise<T>): Promise<T> {
  const { partial, publish, discard } = await besideOf(folder);
  try {
    const result = await onDisk(folder, async () => make(partial));
    await publish();
    return result;
  } catch (error) {
    await discard().catch(() => {}); // The first error says more.
    throw error;
  }
}

/** What readers of an output begin with: where it is missing, they look at nothing else. */
const head = /^(?:config|adapter_config|open_clip_config|modules|model|alignment|report|metrics)\.json$|\.parquet$/;

async function filesOf(folder: string): Promise<string[]> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => relative(folder, join(parentPath, name)));
}

/** Refuses them all where one would be refused, before any is moved. */
async function expectPlaces(from: string, to: string): Promise<void> {
  for (const target of (await filesOf(from)).map((path) => join(to, path))) {
    await mkdir(dirname(target), { recursive: true });
    await access(dirname(target), constants.W_OK);
    await refuseFolder(target);
  }
}

/**
 * Moves what is published to its place. Whoever is killed on the way has published all the same: `directory` reads what was
 * not moved yet where it lies, and the next output goes on here.
 */
async function complete(folder: string): Promise<void> {
  const from = join(folder, publishedName);
  const found = await lstat(from).catch(() => undefined);
  if (found?.isDirectory()) await moveAll(from, folder);
  if (found) await rm(from, { recursive: true, force: true });
}

/**
 * Where more than one changes, others' readers find no head until the rest is there, and `config.json` last of all, so that
 * none sees old files with new ones.
 */
async function moveAll(from: string, to: string): Promise<void> {
  const paths = await filesOf(from);
  const [heads, others] = [true, false].map((isHead) => paths.filter((path) => head.test(path) === isHead).toSorted());
  const changed: string[] = [];
  for (const path of paths) if (!(await isSame(join(from, path), join(to, path)))) changed.push(path);
  const hide = changed.length > 1 ? heads! : [];
  for (const path of hide) await rm(join(to, path), { force: true });
  for (const path of [...others!, ...heads!.toReversed()]) {
    if (changed.includes(path) || hide.includes(path)) await rename(join(from, path), join(to, path));
  }
}

/** Larger files are not compared. */
const comparedBytes = 1 << 20;

async function isSame(a: string, b: string): Promise<boolean> {
  const [{ size }, other] = [await stat(a), await stat(b).catch(() => undefined)];
  if (size !== other?.size || size > comparedBytes) return false;
  return (await readFile(a)).equals(await readFile(b));
}

/** @throws {EmbeddingError} `INPUT_INVALID` for a folder where a file is to be. */
export async function refuseFolder(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isDirectory()) return;
  throw new EmbeddingError('INPUT_INVALID', { where: path, expected: 'a file to write', got: 'a folder' });
}
