import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openNpy, webdataset } from '@diptych/datasets';
import { directory } from '@diptych/files/node';
import { tarBytes } from '../tar-bytes.ts';

// Files of over 2 GiB that take no disk; prints what was read of them.
const folder = await mkdtemp(join(tmpdir(), 'diptych-large-'));
const files = directory(folder);

/** A file of zeros but for these bytes. */
async function sparse(name: string, size: number, parts: Readonly<Record<number, Uint8Array>>): Promise<void> {
  const file = await open(join(folder, name), 'w');
  await file.truncate(size);
  for (const [at, bytes] of Object.entries(parts)) await file.write(bytes, 0, bytes.length, Number(at));
  await file.close();
}

async function lastRow(): Promise<readonly number[]> {
  const [n, dim] = [600_000, 1024];
  const head = `{'descr': '<f4', 'fortran_order': False, 'shape': (${n}, ${dim}), }`.padEnd(117) + '\n';
  const lead = new Uint8Array([
    0x93,
    ...new TextEncoder().encode('NUMPY'),
    1,
    0,
    118,
    0,
    ...new TextEncoder().encode(head),
  ]);
  const size = 128 + n * dim * 4;
  await sparse('x.npy', size, { 0: lead, [size - 4]: new Uint8Array(Float32Array.of(7.5).buffer) });
  const rows = await openNpy(files, 'x.npy');
  const last = await rows.read(n - 1, n);
  return [...rows.shape, last.length, last[0]!, last[dim - 1]!];
}

/** All of it at once: one system call of Node reads no more than 2 GiB. */
async function atOnce(): Promise<readonly number[]> {
  const file = (await files.open('x.npy'))!;
  const bytes = await file.read(file.size - 2 ** 31 - 64, file.size);
  return [bytes.length, new DataView(bytes.buffer).getFloat32(bytes.length - 4, true)];
}

async function behind(): Promise<readonly string[]> {
  const size = 3 * 2 ** 30;
  const large = tarBytes([{ path: 'a.bin', data: '' }]).subarray(0, 512);
  large.set(new TextEncoder().encode(size.toString(8).padStart(11, '0')), 124);
  large.fill(0x20, 148, 156);
  const sum = large.reduce((total, byte) => total + byte, 0);
  large.set(new TextEncoder().encode(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
  const sample = tarBytes([
    { path: 'b.jpg', data: 'B' },
    { path: 'b.txt', data: 'behind' },
  ]);
  await sparse('x.tar', 512 + size + sample.length, { 0: large, [512 + size]: sample });
  const found: string[] = [];
  for await (const { id, captions } of webdataset(files, ['x.tar'], { onSkip: () => {} })) found.push(id, ...captions);
  return found;
}

try {
  console.log(JSON.stringify({ lastRow: await lastRow(), atOnce: await atOnce(), behind: await behind() }));
} finally {
  await rm(folder, { recursive: true });
}
