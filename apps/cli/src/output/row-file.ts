import { open, realpath, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { RowSink } from './row-sink.ts';

/** `path.partial` until it is complete, in a folder that is made where it is missing; a device or pipe is written to as it is. */
export async function rowFile(path: string, rowsTo: (out: Writable) => RowSink): Promise<RowSink> {
  const target = await realpath(path).catch(() => path);
  const { makeFolder, refuseFolder } = await import('@diptych/files/node');
  await refuseFolder(target);
  const made = await makeFolder(dirname(target));
  const found = await stat(target).catch(() => undefined);
  const partial = found && !found.isFile() ? undefined : `${target}.partial`;
  // A link that somebody put there is not followed.
  if (partial !== undefined) await rm(partial, { force: true });
  const file = await (partial === undefined ? open(target, 'a') : open(partial, 'wx'));
  const out = file.createWriteStream();
  out.on('error', () => {}); // Each write reports it.
  const sink = rowsTo(out);
  return {
    add: (names, rows) => sink.add(names, rows),
    async close() {
      await finished(out.end());
      if (partial !== undefined) await rename(partial, target);
    },
    async discard() {
      await finished(out.end()).catch(() => {});
      if (partial !== undefined) await rm(partial, { force: true });
      if (made !== undefined) await rmdir(dirname(target)).catch(() => {}); // Others may have put something there.
    },
  };
}
