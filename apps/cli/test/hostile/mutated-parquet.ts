import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddingError } from '@diptych/core';
import { parquet } from '@diptych/datasets';
import { blobFiles } from '@diptych/files';
import { type ColumnMetaData, parquetMetadata } from 'hyparquet';
import { seeded } from './mutate.ts';
import { mutatedBytes } from './mutate-bytes.ts';
import { compressors, parquetFiles } from './parquet-files.ts';

const [, , ranx = '', count = '400', seed = '1'] = process.argv;

type Row = Readonly<Record<string, string>>;

const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? `${item}n` : item)) ?? 'undefined';

async function rowsOf(bytes: Uint8Array<ArrayBuffer>): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const image = (row: Readonly<Record<string, unknown>>): string => {
    rows.push(Object.fromEntries(Object.entries(row).map(([name, value]) => [name, textOf(value)])));
    return 'a.jpg';
  };
  const columns = { image, id: () => rows.length, captions: () => 'a', split: () => 'all' };
  const files = blobFiles({ x: new Blob([bytes]), 'a.jpg': new Blob(['x']) }, 'd');
  for await (const _ of parquet(files, ['x'], { columns, ...(compressors && { compressors }) }));
  return rows;
}

/** Columns whose pages are where a byte is; `undefined` for the footer and what lies between. */
function columnAt(good: Uint8Array<ArrayBuffer>, at: number): string | undefined {
  const chunks = parquetMetadata(good.buffer).row_groups.flatMap(({ columns }) => columns);
  const holds = ({
    dictionary_page_offset: words,
    data_page_offset: data,
    total_compressed_size: size,
  }: ColumnMetaData) => {
    const begin = Number(words || data);
    return at >= begin && at < begin + Number(size);
  };
  return chunks.find(({ meta_data: column }) => column && holds(column))?.meta_data?.path_in_schema[0];
}

/** What is neither a coded error nor every row, all but the damaged column as they were. */
async function problemOf(
  good: Uint8Array<ArrayBuffer>,
  honest: readonly Row[],
  random: () => number,
): Promise<string | undefined> {
  const { bytes, flipped } = mutatedBytes(good, random);
  const before = process.cpuUsage();
  try {
    const rows = await rowsOf(bytes);
    if (rows.length !== honest.length) return `${rows.length} rows of ${honest.length}`;
    const column = flipped === undefined ? undefined : columnAt(good, flipped);
    const names = column === undefined ? [] : Object.keys(honest[0]!).filter((name) => name !== column);
    const other = names.find((name) => rows.some((row, i) => row[name] !== honest[i]![name]));
    if (other !== undefined) return `${other} changed by a bit of ${column}`;
    outcomes.rows++;
  } catch (error) {
    if (!(error instanceof EmbeddingError))
      return error instanceof Error ? (error.stack ?? error.message) : String(error);
    if (!error.message.startsWith('d/x')) return error.message;
    outcomes.refused++;
  }
  const { user, system } = process.cpuUsage(before);
  return user + system > 5e6 ? `${(user + system) / 1e6} s` : undefined;
}

const outcomes = { rows: 0, refused: 0 };
/** Of pyarrow, with pages of version 1. */
const pyarrow = new Uint8Array(readFileSync(join(ranx, 'qrels.parquet')));
for (const [name, good] of Object.entries({ ...parquetFiles(), pyarrow })) {
  const honest = await rowsOf(good);
  for (let i = 0; i < Number(count); i++) {
    const each = Number(seed) * 1_000_003 + i * 7919;
    const problem = await problemOf(good, honest, seeded(each));
    if (problem !== undefined) process.stdout.write(`${JSON.stringify({ name, seed: each, problem })}\n`);
  }
}
const peak = Math.round(process.resourceUsage().maxRSS / 1024);
process.stderr.write(`${outcomes.rows} read, ${outcomes.refused} refused, peak ${peak} MiB\n`);
