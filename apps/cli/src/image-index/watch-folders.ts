import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { EmbeddingError } from '@diptych/core';
import { watch } from 'chokidar';
import { imageFiles, isOfKind } from '../file-kinds.ts';
import { filesIn } from '../inputs.ts';
import type { OnFailure } from '../report.ts';

/** Folders that are watched. */
export interface WatchedFolders extends AsyncDisposable {
  /** Paths of images that came, changed or went since they were last told, whenever there are some; ends with the signal's reason. */
  changes(): AsyncGenerator<readonly string[]>;
}

/** A file that grows is told of once it has been as long for so many milliseconds. */
const written = { stabilityThreshold: 500, pollInterval: 100 };

/**
 * Watches images in folders, at any depth, without hidden ones: what happens from now on is told, also what happens before it is
 * asked for.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` for what is no folder, or more than the system can watch.
 */
export async function watchFolders(
  folders: readonly string[],
  { signal, onFailure }: { readonly signal: AbortSignal; readonly onFailure: OnFailure },
): Promise<WatchedFolders> {
  for (const folder of folders) {
    const isFolder = await stat(folder).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (!isFolder) throw new EmbeddingError('INPUT_INVALID', { where: '--images', expected: 'a folder', got: folder });
  }
  const roots = folders.map((folder) => resolve(folder));
  const isIgnored = (path: string, stats?: { isFile(): boolean }) =>
    isHidden(roots, resolve(path)) || (stats?.isFile() === true && !isOfKind(imageFiles, path));
  const watcher = watch([...folders], { ignored: isIgnored, ignoreInitial: true, awaitWriteFinish: written });
  const told = new Set<string>();
  let broken: EmbeddingError | undefined;
  let wake = () => {};
  for (const event of ['add', 'change', 'unlink'] as const) {
    watcher.on(event, (path) => {
      told.add(path);
      wake();
    });
  }
  const later = new Set<NodeJS.Timeout>();
  watcher.on('addDir', (folder) => {
    const look = async () => {
      for (const path of await settledIn(folder, signal)) told.add(path);
      wake();
    };
    const timer = setTimeout(() => {
      later.delete(timer);
      look().catch(() => {}); // It is gone again, or the watch is stopped.
    }, 2 * written.stabilityThreshold);
    later.add(timer);
  });
  watcher.on('error', (cause) => {
    const problem = unwatched(cause);
    const isClosed = cause instanceof Error && 'code' in cause && (cause.code === 'EACCES' || cause.code === 'EPERM');
    if (isClosed) onFailure('watch', problem);
    else broken = problem;
    wake();
  });
  signal.addEventListener('abort', () => wake());
  await once(watcher, 'ready', { signal }).catch(async (cause: unknown) => {
    await watcher.close();
    throw signal.aborted ? cause : unwatched(cause);
  });
  return {
    async *changes() {
      for (;;) {
        signal.throwIfAborted();
        if (broken) throw broken;
        const paths = [...told];
        told.clear();
        if (paths.length > 0) yield paths;
        else await new Promise<void>((go) => (wake = go));
      }
    },
    async [Symbol.asyncDispose]() {
      for (const timer of later) clearTimeout(timer);
      await watcher.close();
    },
  };
}

/**
 * Images of a new folder that nobody writes any more: chokidar reads a folder before it watches it, and is not told of what comes
 * in between.
 */
async function settledIn(folder: string, signal: AbortSignal): Promise<readonly string[]> {
  const settled: string[] = [];
  for (const path of await filesIn(imageFiles, folder, signal)) {
    const found = await stat(path).catch(() => undefined);
    if (found && Date.now() - found.ctimeMs >= written.stabilityThreshold) settled.push(path);
  }
  return settled;
}

function unwatched(cause: unknown): EmbeddingError {
  const problem = { where: '--images', expected: 'folders that the system can watch', got: cause };
  return new EmbeddingError('INPUT_INVALID', problem, { cause });
}

/** Whether a part of a path below one of the folders begins with a dot. */
function isHidden(roots: readonly string[], path: string): boolean {
  const below = roots.map((root) => relative(root, path).split(sep)).find(([first]) => first !== '..');
  return below?.some((part) => part.startsWith('.')) === true;
}
