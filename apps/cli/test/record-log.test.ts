import { type FileHandle, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { encodeRecord, type LogRecord, readRecords, type StoredRecord } from '../src/image-index/record-log.ts';
import { temporaryFolder } from './workspace.ts';

const records: readonly LogRecord[] = [
  { meta: { key: 'a.jpg' }, payload: Uint8Array.of(1, 2, 3, 4) },
  { meta: { key: 'ü' }, payload: new Uint8Array() },
  { meta: { key: 'c', stamp: { size: 3, mtimeMs: 1.5 } }, payload: new Uint8Array(40).fill(255) },
];
const encoded = records.map(encodeRecord);
const ends = encoded.map((_, i) => Buffer.concat(encoded.slice(0, i + 1)).length);

async function readBack(bytes: Uint8Array): Promise<StoredRecord[]> {
  const path = join(await temporaryFolder(), 'log');
  await writeFile(path, bytes);
  const file: FileHandle = await open(path);
  const found: StoredRecord[] = [];
  try {
    for await (const record of readRecords(file)) found.push(record);
  } finally {
    await file.close();
  }
  return found;
}

const metas = (found: readonly LogRecord[]) => found.map(({ meta }) => meta);

it('gives back what was written, and where each record ends', async () => {
  const found = await readBack(Buffer.concat(encoded));
  expect(metas(found)).toEqual(metas(records));
  expect(found.map(({ payload }) => [...payload])).toEqual(records.map(({ payload }) => [...payload]));
  expect(found.map(({ end }) => end)).toEqual(ends);
});

it('gives the whole records of a log that is cut anywhere', async () => {
  const bytes = Buffer.concat(encoded);
  for (let length = 0; length < bytes.length; length++) {
    const whole = ends.filter((end) => end <= length).length;
    expect(metas(await readBack(bytes.subarray(0, length)))).toEqual(metas(records.slice(0, whole)));
  }
});

it('stops before a record with any byte changed', async () => {
  const bytes = Buffer.concat(encoded);
  for (let at = 0; at < bytes.length; at++) {
    const damaged = Buffer.from(bytes);
    damaged[at]! ^= 0x41;
    const whole = ends.filter((end) => end <= at).length;
    expect(metas(await readBack(damaged))).toEqual(metas(records.slice(0, whole)));
  }
});

it('takes zeros behind the last record for no record', async () => {
  expect(await readBack(Buffer.concat([...encoded, Buffer.alloc(100)]))).toHaveLength(records.length);
});

it('reads records that lie across its chunks', async () => {
  const large = encodeRecord({ meta: { key: 'large' }, payload: new Uint8Array(3 * 2 ** 20).fill(7) });
  const found = await readBack(Buffer.concat([large, large, large, encoded[0]!]));
  expect(found.map(({ payload }) => payload.length)).toEqual([3 * 2 ** 20, 3 * 2 ** 20, 3 * 2 ** 20, 4]);
});
