import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { RowSink } from './row-sink.ts';

/** `path.partial` until it is complete; a device or pipe is written to as it is. */
export async function rowFile(path: string, rowsTo: (out: Writable) => RowSink): Promise<RowSink> {
  const target = await realpath(path).catch(() => path);
  const { refuseFolder } = await import('@diptych/files/node');
  await refuseFolder(target);
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
    },
  };
}
