import { isHidden } from './refusal.ts';

/** What was dropped on the page. */
export interface Dropped {
  /** That the browser can read again later. */
  readonly folders: readonly FileSystemDirectoryHandle[];
  /** That it cannot, by their files. */
  readonly picked: readonly { readonly name: string; readonly files: readonly (readonly [string, File])[] }[];
  readonly files: readonly File[];
}

/** Items can be read only until the event's handler returns: all are taken hold of before the first is awaited. */
export async function dropped(transfer: DataTransfer): Promise<Dropped> {
  const items = [...transfer.items].filter(({ kind }) => kind === 'file');
  const taken = items.map((item) => ({
    file: item.getAsFile(),
    entry: item.webkitGetAsEntry(),
    handle: item.getAsFileSystemHandle?.().catch(() => null),
  }));
  const folders: FileSystemDirectoryHandle[] = [];
  const picked: { name: string; files: [string, File][] }[] = [];
  const files: File[] = [];
  for (const { file, entry, handle } of taken) {
    const held = await handle;
    if (held?.kind === 'directory') folders.push(held as FileSystemDirectoryHandle);
    else if (entry?.isDirectory) {
      const inside: [string, File][] = [];
      for await (const each of filesIn(entry as FileSystemDirectoryEntry, '')) inside.push(each);
      picked.push({ name: entry.name, files: inside });
    } else if (file) files.push(file);
  }
  return { folders, picked, files };
}

async function* filesIn(folder: FileSystemDirectoryEntry, above: string): AsyncGenerator<[string, File]> {
  const reader = folder.createReader();
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return;
    for (const entry of some) {
      const path = above + entry.name;
      if (isHidden(path)) continue;
      if (entry.isDirectory) yield* filesIn(entry as FileSystemDirectoryEntry, `${path}/`);
      else yield [path, await fileOf(entry as FileSystemFileEntry)];
    }
  }
}

async function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}
