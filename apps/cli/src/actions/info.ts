import { modelSource } from '../packages/model-source.ts';
import { defaultModel } from '../model-options.ts';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isObject } from '@diptych/core';
import { type Io, write } from '../io.ts';
import { licenceName, licenceOf } from '../licence-of.ts';
import { modelFolder } from '../model-folder.ts';
import { openModel } from '../open-model.ts';
import { defaultFormat } from '../output/format.ts';
import { formatBytes } from '../output/format-bytes.ts';
import { oneLine } from '../output/one-line.ts';
import { terminalProgress } from '../progress.ts';
import { version } from '../version.ts';
import type { InfoOptions } from '../commands/info.ts';

export async function info(options: InfoOptions, io: Io): Promise<void> {
  const { format = defaultFormat(io.stdout) } = options;
  const facts = await modelFacts(options, io);
  await write(io.stdout, format === 'jsonl' ? `${JSON.stringify(facts)}\n` : table(facts));
}

type Facts = Readonly<Record<string, unknown>>;

async function modelFacts(options: InfoOptions, io: Io): Promise<Facts> {
  using space = await openModel(options, io, terminalProgress(io, options.quiet));
  const { id, architecture, modalities, dim, parameters, dtype, bytes, backend } = space;
  const { model = defaultModel, revision } = options;
  const licence = await licenceOf(await modelSource(model, { folder: io.folder }), { revision, signal: io.signal });
  const folder = await modelFolder(model, revision);
  return {
    model: id,
    architecture,
    modalities,
    dim,
    parameters,
    dtype,
    ...(licence && { licence: licenceName(licence) }),
    memoryBytes: { weights: bytes, process: process.memoryUsage.rss() },
    ...(folder !== undefined && { folder, fileBytes: await fileSizes(folder) }),
    backend,
    version,
  };
}

/** Files right in a folder. */
async function fileSizes(folder: string): Promise<Readonly<Record<string, number>>> {
  const names = (await readdir(folder)).toSorted();
  const entries = names.map(async (name) => [name, await stat(join(folder, name))] as const);
  const files = (await Promise.all(entries)).filter(([, found]) => found.isFile());
  return Object.fromEntries(files.map(([name, { size }]) => [name, size]));
}

/** Facts in bytes, as people call them. */
const inBytes: Readonly<Record<string, string>> = { memoryBytes: 'memory', fileBytes: 'files' };

/** One fact a line, nested ones indented; those in bytes as people read them. */
function table(facts: Facts, show = shown, indent = ''): string {
  const names = Object.keys(facts).map((key) => oneLine(inBytes[key] ?? key));
  const width = Math.max(0, ...names.map((name) => name.length));
  const lines = Object.entries(facts).map(([key, value], i) =>
    isObject(value)
      ? `${indent}${names[i]}\n${table(value, key in inBytes ? shownBytes : show, `${indent}  `)}`
      : `${indent}${names[i]!.padEnd(width)}  ${oneLine(show(value))}\n`,
  );
  return lines.join('');
}

function shown(value: unknown): string {
  if (typeof value === 'number') return value.toLocaleString('en');
  return Array.isArray(value) ? value.join(', ') : String(value);
}

function shownBytes(value: unknown): string {
  return formatBytes(Number(value));
}
