import type { Checkpoint } from '@diptych/core';
import type { ByteSource, Files } from '@diptych/files';

/** Reads one file of a checkpoint. */
export type OpenShard = (source: ByteSource, signal?: AbortSignal) => Promise<Checkpoint>;

/** A file of a checkpoint, of which no more than the header is fetched before an array is read; `undefined` where there is none. */
export async function byHeader(
  files: Files,
  path: string,
  open: OpenShard,
  signal?: AbortSignal,
): Promise<Checkpoint | undefined> {
  if (!files.peek) {
    const source = await files.open(path, signal);
    return source && open(source, signal);
  }
  const head = await files.peek(path, signal);
  return head && deferred(await open(head, signal), async () => open((await files.open(path, signal)) ?? head, signal));
}

/** Told by its header, and opened by whoever reads first. */
function deferred(header: Checkpoint, open: () => Promise<Checkpoint>): Checkpoint {
  let opened: Promise<Checkpoint> | undefined;
  const whole = async (): Promise<Checkpoint> => {
    opened ??= open();
    try {
      return await opened;
    } catch (error) {
      opened = undefined;
      throw error;
    }
  };
  const { names, metadata } = header;
  return {
    names,
    ...(metadata && { metadata }),
    shape: (name) => header.shape(name),
    read: async (name, signal) => (await whole()).read(name, signal),
    ...(header.readRange && {
      readRange: async (name, range, room, signal) => (await whole()).readRange!(name, range, room, signal),
    }),
    fetch: async () => void (await whole()),
  };
}
