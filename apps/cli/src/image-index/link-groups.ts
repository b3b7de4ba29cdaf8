import { mkdir, readdir, symlink } from 'node:fs/promises';
import { basename, extname, join, relative, resolve, sep } from 'node:path';
import { EmbeddingError } from '@diptych/core';
import { folderOf } from '../inputs.ts';

/** Images that belong together. */
interface Group {
  readonly name: string;
  readonly images: readonly { readonly path: string }[];
}

/**
 * Refuses a folder of links before there is any work.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` for one that has something in it, is none, or lies among the images, where the links
 *   would be images of the next run.
 */
export async function requireLinkFolder(links: string, operands: readonly string[]): Promise<void> {
  const refuse = (expected: string, got: string): never => {
    throw new EmbeddingError('INPUT_INVALID', { where: `--links ${links}`, expected, got });
  };
  const there = await readdir(links).catch((cause: NodeJS.ErrnoException) => {
    return cause.code === 'ENOENT' ? [] : refuse('a new or an empty folder', cause.code ?? cause.message);
  });
  if (there.length > 0) refuse('a new or an empty folder', `one with ${there[0]}`);
  for (const operand of operands) {
    if (operand === '-') continue;
    const folder = resolve(await folderOf(operand));
    const [first] = relative(folder, resolve(links)).split(sep);
    if (first !== '..') refuse('a folder that is not searched', `one in ${folder}`);
  }
}

/** A folder for each group, with a link to each of its images; both can move together. */
export async function linkGroups(links: string, groups: readonly Group[], signal: AbortSignal): Promise<void> {
  const nameOf = distinct();
  for (const { name, images } of groups) {
    const folder = join(links, nameOf(name.replaceAll(/[^\p{L}\p{N} _-]+/gu, '_').slice(0, 100)));
    await mkdir(folder, { recursive: true });
    const fileOf = distinct();
    for (const { path } of images) {
      signal.throwIfAborted();
      await symlink(relative(resolve(folder), resolve(path)), join(folder, fileOf(basename(path))));
    }
  }
}

/** Names as they are given, with a number where there was one of that name, in whatever case. */
function distinct(): (name: string) => string {
  const used = new Set<string>();
  return (name) => {
    const end = extname(name);
    const stem = name.slice(0, name.length - end.length);
    let taken = name;
    for (let i = 2; used.has(taken.toLowerCase()); i++) taken = `${stem}-${i}${end}`;
    used.add(taken.toLowerCase());
    return taken;
  };
}
