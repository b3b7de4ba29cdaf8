import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp, open, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCheckpoint } from '@diptych/checkpoint';
import { csv, jsonLines, openNpy, parquet, webdataset } from '@diptych/datasets';
import { directory } from '@diptych/files/node';
import { imageProcessor, parseImageProcessor } from '@diptych/preprocessing';
import { decodeImage, loadImage } from '@diptych/preprocessing/node';
import { refusal } from './arguments.ts';
import type { HostileCase, HostileKind } from './case.ts';
import { claimingPng } from './pictures.ts';
import { tar } from './tables.ts';

const kinds = process.argv[3]!;
const folder = await mkdtemp(join(tmpdir(), 'hostile-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

execFileSync('mkfifo', [at('pipe.jpg')]);
await symlink('/dev/zero', at('zero.jpg'));
await symlink('/dev/null', at('null.png'));
await symlink('loop.jpg', at('loop.jpg'));
const server = createServer().listen(at('socket.jpg')).unref();
await once(server, 'listening');
for (const name of ['x.jsonl', 'x.npy', 'x.tar', 'x.parquet', 'x.csv']) await symlink('/dev/zero', at(name));
await symlink('/dev/zero', at('model.safetensors'));

/** As large as it says, without the disk that it would take. */
async function sparse(name: string, head: Uint8Array, size: number): Promise<void> {
  await writeFile(at(name), head);
  await truncate(at(name), size);
}
const texts = 3 * 2 ** 30;
await sparse('text.tar', tar('a.txt', texts.toString(8).padStart(11, '0')), 512 + texts + 1024);
const image = 2 ** 31;
await sparse('image.tar', tar('a.jpg', image.toString(8).padStart(11, '0')), 512 + image + 1024);
await sparse('large.picture', Uint8Array.of(0xff, 0xd8, 0xff), 3 * 2 ** 30);
await sparse('large.parquet', Uint8Array.of(80, 65, 82, 49), 3 * 2 ** 30);
await sparse('large.jsonl', new Uint8Array(0), 3 * 2 ** 30);
const header = await open(at('large.safetensors'), 'w');
await header.write(new Uint8Array(BigUint64Array.of(3n * 2n ** 30n).buffer));
await header.truncate(4 * 2 ** 30);
await header.close();

async function all(samples: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of samples);
}

const embed = async (...operands: readonly string[]) =>
  refusal(['embed', ...operands, '--model', join(kinds, 'resnet-2023'), '--backend', 'cpu']);
const preprocess = imageProcessor(parseImageProcessor({ size: { shortest_edge: 8 }, crop_size: 8 }));
const data = directory(folder);

const table: readonly (readonly [name: string, run: () => Promise<unknown>, code: string, says: RegExp])[] = [
  [
    'a picture that is a pipe',
    async () => decodeImage(at('pipe.jpg')),
    'NOT_FOUND',
    /pipe\.jpg: expected a file, got a pipe/,
  ],
  ['a picture that is a socket', async () => decodeImage(at('socket.jpg')), 'NOT_FOUND', /socket\.jpg: expected a/],
  [
    'a picture that is a device',
    async () => decodeImage(at('zero.jpg')),
    'NOT_FOUND',
    /zero\.jpg: expected a file, got a device/,
  ],
  [
    'a picture that is its own link',
    async () => decodeImage(at('loop.jpg')),
    'NOT_FOUND',
    /loop\.jpg: expected a readable file/,
  ],
  ['a folder of pipes, sockets and devices', async () => embed(folder), 'NOT_FOUND', /zero\.jpg.*device/s],
  ['an operand that is a pipe', async () => embed(at('pipe.jpg')), 'NOT_FOUND', /pipe\.jpg.*pipe/],
  ['an operand that is a socket', async () => embed(at('socket.jpg')), 'NOT_FOUND', /socket\.jpg/],
  ['lines that are a device', async () => all(jsonLines(data, 'x.jsonl')), 'NOT_FOUND', /x\.jsonl/],
  ['a table that is a device', async () => all(csv(data, 'x.csv')), 'NOT_FOUND', /x\.csv/],
  ['an archive that is a device', async () => all(webdataset(data, ['x.tar'])), 'NOT_FOUND', /x\.tar/],
  ['parquet that is a device', async () => all(parquet(data, ['x.parquet'])), 'NOT_FOUND', /x\.parquet/],
  ['an array that is a device', async () => openNpy(data, 'x.npy'), 'NOT_FOUND', /x\.npy/],
  ['weights that are a device', async () => openCheckpoint(directory(folder)), 'NOT_FOUND', /model\.safetensors/],
  ['a text of 3 GiB in an archive', async () => all(webdataset(data, ['text.tar'])), 'INPUT_INVALID', /text\.tar/],
  [
    'a picture of 2 GiB in an archive',
    async () => {
      for await (const sample of webdataset(data, ['image.tar'], { columns: { captions: () => 'a' } }))
        await sample.image();
    },
    'IMAGE_TOO_LARGE',
    /image\.tar: expected an image of at most 1073741824 bytes/,
  ],
  [
    'a picture of 3 GiB',
    async () => decodeImage(at('large.picture')),
    'IMAGE_TOO_LARGE',
    /large\.picture: expected at most/,
  ],
  [
    'parquet of 3 GiB of nothing',
    async () => all(parquet(data, ['large.parquet'])),
    'INPUT_INVALID',
    /large\.parquet: expected a parquet file/,
  ],
  [
    'a line of 3 GiB',
    async () => all(jsonLines(data, 'large.jsonl')),
    'INPUT_INVALID',
    /large\.jsonl, line 1: expected a line of at most/,
  ],
  [
    'a header of 3 GiB',
    async () => openCheckpoint(directory(folder), undefined, ['large.safetensors']),
    'CHECKPOINT_INVALID',
    /large\.safetensors: expected a header of at most/,
  ],
  [
    '32 pictures that claim 144 megapixels each',
    async () => Promise.all(Array.from({ length: 32 }, async () => loadImage(claimingPng(12_000, 12_000), preprocess))),
    'IMAGE_INVALID',
    /./,
  ],
];

const cases: readonly HostileCase[] = table.map(([name, run, code, says]) => ({ name, run, code, says }));

export const kind: HostileKind = { cases, honest: async () => refusal(['--help']) };
