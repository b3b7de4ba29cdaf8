import { found, type Found } from './found.ts';
import { isHidden } from './refusal.ts';

/** Where photos come from. */
export interface Source {
  readonly id: string;
  readonly name: string;
  /** `loose` ones only grow: pictures that were pasted, or dropped alone. */
  readonly kind: 'folder' | 'loose';
  /** Of a folder that the browser can read again. */
  readonly handle?: FileSystemDirectoryHandle;
}

/** Of the pictures that come with the page. */
export const samplesId = 'samples';

export const loose: Source = { id: 'loose', name: 'Single pictures', kind: 'loose' };

/** Whether the page may read it now; `ask` where a click of the user is needed, `gone` where only picking it again helps. */
export type Access = 'granted' | 'ask' | 'gone';

export async function accessOf({ kind, handle }: Source): Promise<Access> {
  if (kind === 'loose') return 'granted';
  if (!handle) return 'gone';
  return (await handle.queryPermission({ mode: 'read' })) === 'granted' ? 'granted' : 'ask';
}

/** Of a folder that is known already, or a new one. */
export async function folderSource(sources: readonly Source[], handle: FileSystemDirectoryHandle): Promise<Source> {
  const same = await Promise.all(sources.map(async (source) => source.handle?.isSameEntry(handle)));
  const known = sources.find((_, i) => same[i]);
  return known ?? { id: crypto.randomUUID(), name: handle.name || 'Folder', kind: 'folder', handle };
}

/** All files of a folder and of those in it. */
export async function* filesOf(
  source: Source & { readonly handle: FileSystemDirectoryHandle },
  signal?: AbortSignal,
): AsyncGenerator<Found> {
  for await (const { path, handle } of entriesOf(source.handle, '')) {
    signal?.throwIfAborted();
    if (!isHidden(path)) yield found(source.id, path, await handle.getFile());
  }
}

async function* entriesOf(
  folder: FileSystemDirectoryHandle,
  above: string,
): AsyncGenerator<{ readonly path: string; readonly handle: FileSystemFileHandle }> {
  for await (const [name, handle] of folder) {
    const path = above + name;
    if (handle.kind === 'file') yield { path, handle };
    else if (!isHidden(path)) yield* entriesOf(handle, `${path}/`);
  }
}

/** The folder of `<input webkitdirectory>`, whose paths begin with its name. */
export function pickedFolder(files: Iterable<File>): { readonly source: Source; readonly found: readonly Found[] } {
  const all = [...files];
  const name = all[0]?.webkitRelativePath.split('/')[0] || 'Folder';
  return picked(
    name,
    all.map((file) => [file.webkitRelativePath.slice(name.length + 1) || file.name, file]),
  );
}

/** A folder by its name alone, which the browser cannot read again. */
export function picked(
  name: string,
  files: readonly (readonly [path: string, file: File])[],
  id = `picked:${name}`,
): { readonly source: Source; readonly found: readonly Found[] } {
  const source: Source = { id, name, kind: 'folder' };
  const seen = files.filter(([path]) => !isHidden(path));
  return { source, found: seen.map(([path, file]) => found(source.id, path, file)) };
}
