import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { headerBytes } from '../../src/node/file-store/header.ts';
import { acknowledgedAt, headBytes } from '../../src/node/file-store/record-head.ts';
import { encodeRecord } from '../../src/node/file-store/record-log.ts';
import { fileStore } from '../../src/node.ts';
import { seededRandom } from '@diptych/core';
import { exactSearch, type Store, type StoreConfig } from '../../src/index.ts';
import { checkConfig } from '../../src/store/check-put.ts';
import { randomRows } from '../rows.ts';
import { quantizingKernel } from './quantizing-kernel.ts';
import { version1 } from './version-1.ts';

const config: StoreConfig = { model: 'm', dim: 4, precision: 'float32', fields: { n: 'number' } };
const perCall = 20;
const calls = 6;
/** Bits from one that is damaged to the next: of each byte one at least, at all places in a byte; `DIPTYCH_LONG` asks for all. */
const stride = process.env['DIPTYCH_LONG'] === undefined ? 7 : 1;
const idsOf = (call: number) => Array.from({ length: perCall }, (_, i) => `${call * perCall + i}`);

/** Places of bits. */
function every(from: number, to: number): number[] {
  return Array.from({ length: Math.ceil((to - from) / stride) }, (_, i) => from + i * stride);
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'diptych-damage-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** A log of some calls, with where the record of each begins. */
async function written(): Promise<{ bytes: Buffer; starts: number[] }> {
  const path = await folder();
  const starts: number[] = [];
  {
    await using store = await fileStore(path, config);
    for (let call = 0; call < calls; call++) {
      starts.push((await readFile(join(path, 'rows.log'))).length);
      const metadata = idsOf(call).map((id) => ({ n: Number(id) }));
      await store.add(idsOf(call), randomRows(perCall, 4, call), metadata);
    }
  }
  return { bytes: await readFile(join(path, 'rows.log')), starts };
}

/** Ids of the rows that are there, each of which is what was stored. */
async function wholeRows(store: Store): Promise<Set<string>> {
  const all = Array.from({ length: calls }, (_, call) => idsOf(call)).flat();
  const found = await store.get(all);
  for (const [i, row] of found.entries()) {
    if (!row) continue;
    const { data } = randomRows(perCall, 4, Math.floor(i / perCall));
    const at = 4 * (i % perCall);
    expect(row).toMatchObject({ metadata: { n: i }, row: { data: data.slice(at, at + 4) } });
  }
  return new Set(all.filter((_, i) => found[i]));
}

it(
  'has every row that the damage of a bit does not explain, and keeps what it cannot read',
  { timeout: 600_000 },
  async () => {
    const { bytes, starts } = await written();
    const header = headerBytes(checkConfig(config)).length / 2;
    const heads = [0, header, starts[0]!];
    const next = seededRandom(5);
    const bits = [
      ...heads.flatMap((start) => every(8 * start, 8 * (start + headBytes))),
      ...Array.from({ length: Math.ceil(400 / stride) }, () => Math.floor(8 * next() * bytes.length)),
    ];
    const path = await folder();
    const log = join(path, 'rows.log');
    for (const [n, bit] of bits.entries()) {
      const damaged = Buffer.from(bytes);
      const byte = bit >> 3;
      damaged[byte]! ^= 1 << (bit & 7);
      await writeFile(log, damaged);
      const call = starts.findLastIndex((start) => start <= byte);
      const inHead = byte - (starts[call] ?? (byte < header ? 0 : header));
      const isHarmless = inHead >= acknowledgedAt && inHead < headBytes; // Of a record that is whole, it says nothing.
      const lost = call < 0 || isHarmless ? [] : idsOf(call);
      const inRows = byte - ((starts[call + 1] ?? bytes.length) - perCall * 16);
      const hit = inRows < 0 || lost.length === 0 ? lost : [lost[Math.floor(inRows / 16)]!];
      {
        await using store = await fileStore(path, config);
        const rows = await wholeRows(store);
        expect({ bit, rows: rows.size }).toEqual({ bit, rows: calls * perCall - hit.length });
        expect(hit.filter((id) => rows.has(id))).toEqual([]);
        const isTold = ({ position, bytes: length }: { position: number; bytes: number }) =>
          position <= byte && byte < position + length;
        expect(store.recovered.damaged?.some(isTold) ?? false).toBe(!isHarmless);
        if (n % 8 === 0) await store.upsert(['new'], randomRows(1, 4, 99));
      }
      expect((await readFile(log)).subarray(0, damaged.length).equals(damaged)).toBe(true);
      await using store = await fileStore(path, config);
      expect(await store.count()).toBe(calls * perCall - hit.length + (n % 8 === 0 ? 1 : 0));
    }
  },
);

it('finds the records behind any number of bytes that were zeroed, lost or put in between', async () => {
  const { bytes, starts } = await written();
  const [from, to] = [starts[1]!, starts[3]!];
  const path = await folder();
  const log = join(path, 'rows.log');
  const without = (length: number, fill = 0) =>
    Buffer.concat([bytes.subarray(0, from), Buffer.alloc(length, fill), bytes.subarray(to)]);
  await writeFile(log, without(to - from));
  {
    await using store = await fileStore(path, config);
    expect((await wholeRows(store)).size).toBe((calls - 2) * perCall);
    expect(store.recovered.damaged).toEqual([{ position: from, bytes: to - from }]);
  }
  // A record is one only where it was written.
  for (const other of [without(0), without(7, 3), Buffer.concat([bytes.subarray(0, from), bytes])]) {
    await writeFile(log, other);
    await using store = await fileStore(path, config);
    expect((await wholeRows(store)).size).toBe(perCall);
    expect(store.recovered.damaged).toEqual([{ position: from, bytes: other.length - from }]);
  }
});

it('takes a last record of which not all arrived for none, and keeps its bytes', async () => {
  const { bytes, starts } = await written();
  const path = await folder();
  const unfinished = Buffer.from(bytes);
  const last = starts[calls - 1]!;
  unfinished.fill(0, last + acknowledgedAt, last + headBytes);
  unfinished.fill(0, unfinished.length - 40);
  await writeFile(join(path, 'rows.log'), unfinished);
  {
    await using store = await fileStore(path, config);
    expect(store.recovered).toEqual({
      rows: (calls - 1) * perCall,
      droppedBytes: 0,
      damaged: [{ position: last, bytes: unfinished.length - last }],
    });
  }
  expect((await readFile(join(path, 'rows.damaged'))).equals(unfinished.subarray(last))).toBe(true);
  await using store = await fileStore(path, config);
  expect(store.recovered).toEqual({ rows: (calls - 1) * perCall, droppedBytes: 0 });
});

it('does not give an older row in place of a damaged one, which an upsert heals', async () => {
  const path = await folder();
  const log = join(path, 'rows.log');
  {
    await using store = await fileStore(path, config);
    await store.add(['a', 'b'], randomRows(2, 4, 1));
    await store.upsert(['a', 'c'], randomRows(2, 4, 2));
  }
  const bytes = await readFile(log);
  const at = bytes.indexOf(Buffer.from(randomRows(2, 4, 2).data.buffer));
  bytes[at]! ^= 1;
  await writeFile(log, bytes);
  await using store = await fileStore(path, config);
  expect(store.recovered).toEqual({ rows: 2, droppedBytes: 0, damaged: [{ position: at, bytes: 16, id: 'a' }] });
  expect((await store.get(['a', 'b', 'c'])).map((row) => row?.id)).toEqual([undefined, 'b', 'c']);
  await store.upsert(['a'], randomRows(1, 4, 3));
  expect((await store.get(['a']))[0]!.row.data).toEqual(randomRows(1, 4, 3).data);
});

it.each([undefined, quantizingKernel])(
  'leaves a damaged row out of the index, whatever its bytes are now',
  async (kernel) => {
    const path = await folder();
    const log = join(path, 'rows.log');
    const rows = randomRows(3000, 4, 1);
    const ids = Array.from({ length: 3000 }, (_, i) => `${i}`);
    {
      await using store = await fileStore(path, config);
      await store.add(ids, rows);
      await store.upsert(ids.slice(0, 10), randomRows(10, 4, 2));
    }
    const bytes = await readFile(log);
    const at = bytes.indexOf(Buffer.from(rows.data.buffer));
    // Of the first ten nothing is left that counts; every second row is looked at for the mean of all.
    for (const row of [5, 20, 500, 501, 2999]) bytes.writeFloatLE(row % 2 ? NaN : 1e38, at + 16 * row);
    await writeFile(log, bytes);
    await using store = await fileStore(path, config, { kernel });
    const damaged = [20, 500, 501, 2999];
    expect(store.recovered).toEqual({
      rows: 2996,
      droppedBytes: 0,
      damaged: damaged.map((row) => ({ position: at + 16 * row, bytes: 16, id: `${row}` })),
    });
    const query = randomRows(1, 4, 3);
    const now = { ...rows, data: Float32Array.from([...randomRows(10, 4, 2).data, ...rows.data.subarray(40)]) };
    const wanted = exactSearch(now)(query, 2996, { allow: (row) => !damaged.includes(row) })[0]!;
    const [hits] = await store.search(query, 3000);
    expect(hits!.map(({ id, score }) => ({ row: Number(id), score }))).toEqual(wanted);
  },
);

it('refuses a log of whose headers none is whole, and leaves it as it is', async () => {
  const { bytes } = await written();
  const path = await folder();
  const header = headerBytes(checkConfig(config)).length;
  const damaged = Buffer.concat([Buffer.alloc(header, 7), bytes.subarray(header)]);
  await writeFile(join(path, 'rows.log'), damaged);
  await expect(fileStore(path, config)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  expect((await readFile(join(path, 'rows.log'))).equals(damaged)).toBe(true);
  expect(await readdir(path)).toEqual(['rows.log']);
});

const row = new Uint8Array(16);
it.each<readonly [string, unknown, readonly Uint8Array<ArrayBuffer>[]]>([
  ['null', null, []],
  ['a number', 5, []],
  ['another object', { other: [] }, []],
  ['ids that are none', { ids: [1] }, [row]],
  ['ids that repeat', { ids: ['a', 'a'] }, [row, row]],
  ['no list', { ids: 'a' }, [row]],
  ['fewer rows', { ids: ['a', 'b'] }, [row]],
  ['longer rows', { ids: ['a'] }, [new Uint8Array(17)]],
  ['scales of floats', { ids: ['a'], scales: [1] }, [row]],
  ['metadata of fewer', { ids: ['a', 'b'], metadata: [{}] }, [row, row]],
  ['metadata that is none', { ids: ['a'], metadata: [null] }, [row]],
  ['another field', { ids: ['a'], metadata: [{ other: 1 }] }, [row]],
  ['a value of another type', { ids: ['a'], metadata: [{ n: 'x' }] }, [row]],
  ['deleted that is no list', { deleted: {} }, []],
  ['rows of deleted', { deleted: ['a'] }, [row]],
])('refuses a record of %s whose checksums hold', async (_, meta, rows) => {
  const path = await folder();
  const header = headerBytes(checkConfig(config));
  const bytes = Buffer.concat([header, ...encodeRecord({ meta: meta as object, rows }, header.length).parts]);
  await writeFile(join(path, 'rows.log'), bytes);
  await expect(fileStore(path, config)).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    message: expect.stringContaining(`rows.log: record at byte ${header.length}: expected`) as string,
  });
  expect((await readFile(join(path, 'rows.log'))).equals(bytes)).toBe(true);
});

it('reads, writes on and mends logs of version 1', async () => {
  const path = await folder();
  const log = join(path, 'rows.log');
  await writeFile(log, version1);
  const expected = [
    undefined,
    { metadata: { n: 2 }, row: { data: Float32Array.of(100, 101, 102, 103) } },
    { metadata: { n: 3 }, row: { data: Float32Array.of(104, 105, 106, 107) } },
    { metadata: { n: 4 }, row: { data: Float32Array.of(200, 201, 202, 203) } },
  ];
  for (const round of [0, 1]) {
    await using store = await fileStore(path, config);
    expect(store.recovered).toEqual({ rows: 3 + round, droppedBytes: 0 });
    expect(await store.get(['a', 'b', 'c', 'd'])).toMatchObject(expected);
    await store.upsert([`new ${round}`], randomRows(1, 4, 1));
  }
});

it('has of a damaged log of version 1 what the damage does not explain', { timeout: 600_000 }, async () => {
  const path = await folder();
  const log = join(path, 'rows.log');
  const write = async (bit: number) => {
    const damaged = Buffer.from(version1);
    damaged[bit >> 3]! ^= 1 << (bit & 7);
    await writeFile(log, damaged);
    return damaged;
  };
  const header = 8 * 116;
  for (const bit of every(0, header)) {
    const damaged = await write(bit);
    await expect(fileStore(path, config)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    expect((await readFile(log)).equals(damaged)).toBe(true);
  }
  for (const bit of every(header, 8 * version1.length)) {
    const damaged = await write(bit);
    await using store = await fileStore(path, config);
    const there = (await store.get(['b', 'c', 'd'])).filter((one) => one !== undefined).length;
    expect(there).toBe(bit < 8 * 201 || (bit >= 8 * 291 && bit < 8 * 320) ? 3 : 2);
    expect(store.recovered.damaged).toHaveLength(1);
    expect((await readFile(log)).equals(damaged)).toBe(true);
  }
});

it('says which file is shorter than it was when rows are read', async () => {
  const path = await folder();
  await using store = await fileStore(path, config);
  await store.add(idsOf(0), randomRows(perCall, 4, 0));
  await truncate(join(path, 'rows.log'), 600);
  const gone = {
    code: 'INPUT_INVALID',
    message: expect.stringMatching(/rows\.log: expected what can be read, got .*expected/) as string,
  };
  await expect(store.get(['1', '19'])).rejects.toMatchObject(gone);
  await expect(store.search(randomRows(1, 4, 1), 3)).rejects.toMatchObject(gone);
  await expect(store.rows().next()).rejects.toMatchObject(gone);
  expect(await store.count()).toBe(perCall);
});
