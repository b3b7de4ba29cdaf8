import { basename, dirname, extname, relative, resolve, sep } from 'node:path';
import { EmbeddingError } from '@diptych/core';
import { csv, jsonLines, type Row } from '@diptych/datasets';
import { directory } from '@diptych/files/node';
import type { FleetData } from '@diptych/fleet';
import { imageFiles } from '../file-kinds.ts';
import { fileInputs, folderOf } from '../inputs.ts';
import type { Io } from '../io.ts';
import type { OnFailure } from '../report.ts';

/** A data set as a job has it. */
export interface FleetInput {
  readonly data: FleetData;
  /** Of images or archives, below its root; and URLs. */
  readonly paths: Iterable<string> | AsyncIterable<string>;
}

const archives: Readonly<Record<string, FleetData['kind']>> = { '.tar': 'webdataset', '.parquet': 'parquet' };
const separators: Readonly<Record<string, ',' | '\t'>> = { '.csv': ',', '.tsv': '\t' };

/** What the operands name: archives, a table of images, or images. */
export async function fleetData(operands: readonly string[], io: Io, onFailure: OnFailure): Promise<FleetInput> {
  const [first = ''] = operands;
  const ending = extname(first).toLowerCase();
  if (Object.hasOwn(archives, ending)) {
    expectAll(operands, ending);
    const root = resolve(dirname(first));
    return { data: { kind: archives[ending]!, root }, paths: operands.map((path) => below(root, path)) };
  }
  if (ending === '.jsonl' || Object.hasOwn(separators, ending)) {
    if (operands.length > 1) expectAll(operands.slice(0, 1), 'none');
    return { data: { kind: 'images', root: resolve(dirname(first)) }, paths: imagesOf(first, io, onFailure) };
  }
  const root = resolve(await folderOf(first));
  const named = fileInputs(imageFiles, operands, io, { onFailure });
  return { data: { kind: 'images', root }, paths: allBelow(root, named) };
}

function expectAll(operands: readonly string[], ending: string): void {
  const other = operands.find((path) => extname(path).toLowerCase() !== ending);
  if (other === undefined) return;
  const expected = ending === 'none' ? 'one table of images' : `${ending} files alone`;
  throw new EmbeddingError('INPUT_INVALID', { where: 'fleet submit', expected, got: `'${other}' besides` });
}

const isUrl = (text: unknown): text is string => typeof text === 'string' && /^https?:\/\//.test(text);

/** The column `image` of a table; what captions there are is of no use here. */
async function* imagesOf(table: string, { signal }: Io, onFailure: OnFailure): AsyncGenerator<string> {
  const files = directory(dirname(table));
  const image = ({ image: value }: Row) => (isUrl(value) ? new Uint8Array() : value);
  const settings = {
    columns: { id: 'image', image, captions: () => ['none'] },
    // Whether an image is there shows when it is embedded.
    images: { id: files.id, open: async (path: string, unwanted?: AbortSignal) => files.open(path, unwanted) },
    onSkip: (problem: EmbeddingError) => onFailure(problem.where, problem),
    signal,
  };
  const separator = separators[extname(table).toLowerCase()];
  const samples = separator
    ? csv(files, basename(table), { ...settings, separator })
    : jsonLines(files, basename(table), settings);
  for await (const { id } of samples) yield id;
}

async function* allBelow(root: string, paths: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const path of paths) yield isUrl(path) ? path : below(root, path);
}

function below(root: string, path: string): string {
  return relative(root, resolve(path)).split(sep).join('/');
}
