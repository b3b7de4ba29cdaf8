import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddingError } from '@diptych/core';
import { glob, isDynamicPattern } from 'tinyglobby';
import { type FileKind, isOfKind } from './file-kinds.ts';
import type { Io } from './io.ts';
import type { OnFailure } from './report.ts';
import { splitStream } from './split-stream.ts';

type Stdin = Pick<Io, 'stdin' | 'signal'>;

export interface FileInputOptions {
  /** Whether items on stdin end with NUL. */
  readonly null?: boolean | undefined;
  /** Told of folders without such files and of globs that match none. */
  readonly onFailure: OnFailure;
}

/**
 * Paths and URLs of command line operands, in order: a folder is its files of a kind, at any depth and sorted, without hidden
 * ones, and what in it cannot be read, to fail by its name; a glob what it matches, with `\\` for `/` where it matches
 * nothing else; `-` the lines of stdin, taken literally. A file that is missing fails by its name when it is read.
 */
export function fileInputs(
  kind: FileKind,
  operands: readonly string[],
  io: Stdin,
  { null: nulSeparated, onFailure }: FileInputOptions,
): AsyncGenerator<string> {
  return inputs(operands, io, nulSeparated, async (operand) => {
    const found = await expand(kind, operand, io.signal);
    if (found.length === 0) {
      onFailure(operand, new EmbeddingError('NOT_FOUND', { where: operand, expected: kind.plural, got: 'none' }));
    }
    return found;
  });
}

/** Texts of command line operands, in order; `-` is the lines of stdin. */
export function textInputs(
  operands: readonly string[],
  io: Stdin,
  { null: nulSeparated }: Pick<FileInputOptions, 'null'>,
): AsyncGenerator<string> {
  return inputs(operands, io, nulSeparated, async (text) => [text]);
}

async function* inputs(
  operands: readonly string[],
  { stdin, signal }: Stdin,
  nulSeparated = false,
  itemsOf: (operand: string) => Promise<readonly string[]>,
): AsyncGenerator<string> {
  for (const operand of operands) {
    if (operand === '-') yield* splitStream(stdin, nulSeparated ? '\0' : '\n', signal);
    else yield* await itemsOf(operand);
  }
}

/** The folder that an operand lies in: itself, or the part of a glob or path before its first special or last name. */
export async function folderOf(operand: string): Promise<string> {
  if ((await placeOf(operand)) === 'folder') return operand;
  const [first] = patternsOf(operand);
  return splitPattern(first ?? operand).folder;
}

async function expand(kind: FileKind, operand: string, signal: AbortSignal): Promise<readonly string[]> {
  const place = await placeOf(operand);
  if (place === 'folder') return filesIn(kind, operand, signal);
  const patterns = patternsOf(operand);
  if (place === 'file' || isUrl(operand) || patterns.length === 0) return [operand];
  for (const one of patterns) {
    const { folder, pattern } = splitPattern(one);
    const found = await matches(folder, pattern, { signal });
    if (found.length > 0) return found;
  }
  return [];
}

/** What an operand may mean as a glob: itself, or, as Windows has it, with `\\` between folders. */
function patternsOf(operand: string): readonly string[] {
  return [...new Set([operand, operand.replaceAll('\\', '/')])].filter((pattern) => isDynamicPattern(pattern));
}

/** Files of a kind in a folder, at any depth and sorted, without hidden ones, and what in it cannot be read. */
export async function filesIn(kind: FileKind, folder: string, signal: AbortSignal): Promise<readonly string[]> {
  const found = await matches(folder, `**/*.{${kind.extensions.join(',')}}`, { signal, caseSensitiveMatch: false });
  const others = await passedOver(kind, folder, signal);
  return others.length > 0 ? [...new Set([...found, ...others])].toSorted(byCodeUnit) : found;
}

/** What a search passes over without a word: folders that cannot be read, and links of such files to nothing. */
async function passedOver(kind: FileKind, folder: string, signal: AbortSignal): Promise<readonly string[]> {
  signal.throwIfAborted();
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
  if (!entries) return [folder];
  const below = entries.map(async (entry) => {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.')) return [];
    if (entry.isDirectory()) return passedOver(kind, path, signal);
    return entry.isSymbolicLink() && isOfKind(kind, path) && !(await placeOf(path)) ? [path] : [];
  });
  return (await Promise.all(below)).flat();
}

async function matches(
  folder: string,
  pattern: string,
  options: { signal: AbortSignal; caseSensitiveMatch?: boolean },
): Promise<string[]> {
  const found = await glob(pattern, { ...options, cwd: folder, expandDirectories: false });
  return found.toSorted(byCodeUnit).map((path) => join(folder, path));
}

async function placeOf(operand: string): Promise<'folder' | 'file' | undefined> {
  const found = await stat(operand).catch(() => undefined);
  if (!found) return undefined;
  return found.isDirectory() ? 'folder' : 'file';
}

function splitPattern(operand: string): { folder: string; pattern: string } {
  const parts = operand.split('/');
  const dynamic = parts.findIndex((part) => isDynamicPattern(part) || part.includes('\\'));
  const at = dynamic < 0 ? parts.length - 1 : dynamic;
  const folder = parts.slice(0, at).join('/');
  return { folder: folder || (operand.startsWith('/') ? '/' : '.'), pattern: parts.slice(at).join('/') };
}

function isUrl(operand: string): boolean {
  return /^(https?|data|file):/.test(operand);
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
