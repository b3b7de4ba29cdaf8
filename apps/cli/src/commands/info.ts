import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { type Io, write } from '../io.ts';
import { addModelOptions, type ModelOptions } from '../model-options.ts';
import { openModel } from '../open-model.ts';
import { defaultFormat, type Format, formatOption } from '../output/format.ts';
import { oneLine } from '../output/one-line.ts';
import { terminalProgress } from '../progress.ts';
import { version } from '../version.ts';

interface InfoOptions extends ModelOptions {
  readonly format?: Format;
}

export function defineInfo(command: Command, io: Io): void {
  addModelOptions(command)
    .description('What a model is, what it takes, and what runs it.')
    .addOption(formatOption())
    .action((options: InfoOptions) => info(options, io));
}

async function info(options: InfoOptions, io: Io): Promise<void> {
  const { format = defaultFormat(io.stdout) } = options;
  const facts = await modelFacts(options, io);
  await write(io.stdout, format === 'jsonl' ? `${JSON.stringify(facts)}\n` : table(facts));
}

type Facts = Readonly<Record<string, unknown>>;

async function modelFacts(options: InfoOptions, io: Io): Promise<Facts> {
  using space = await openModel(options, io.signal, terminalProgress(io.stderr, options.quiet));
  const { useBackend } = await import('@diptych/backend-wasm');
  const tf = await import('@tensorflow/tfjs-core');
  const { id, architecture, modalities, dim, parameters } = space;
  return {
    model: id,
    architecture,
    modalities,
    dim,
    parameters,
    memoryBytes: { weights: tf.memory().numBytes, process: process.memoryUsage.rss() },
    fileBytes: await fileSizes(options.model),
    backend: await useBackend(tf.getBackend()),
    version,
  };
}

/** Files of a folder; nothing for a URL. */
async function fileSizes(folder: string): Promise<Readonly<Record<string, number>>> {
  const names = await readdir(folder).catch((): string[] => []);
  const entries = names.map(async (name) => [name, await stat(join(folder, name))] as const);
  const files = (await Promise.all(entries)).filter(([, found]) => found.isFile());
  return Object.fromEntries(files.map(([name, { size }]) => [name, size]));
}

/** One fact a line, nested ones indented. */
function table(facts: Facts, indent = ''): string {
  const width = Math.max(0, ...Object.keys(facts).map((key) => key.length));
  const lines = Object.entries(facts).map(([key, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? `${indent}${key}\n${table(value as Facts, `${indent}  `)}`
      : `${indent}${oneLine(key).padEnd(width)}  ${oneLine(shown(value))}\n`,
  );
  return lines.join('');
}

function shown(value: unknown): string {
  if (typeof value === 'number') return value.toLocaleString('en');
  return Array.isArray(value) ? value.join(', ') : String(value);
}
