import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { expect, it } from 'vitest';
import { runCli } from './run-cli.ts';
import { colourWorkspace, temporaryFolder } from './workspace.ts';

const metadata = async (folder: string) =>
  parquetReadObjects({ file: await asyncBufferFromFile(join(folder, 'metadata/metadata_0.parquet')) });

it("writes images in clip-retrieval's layout", async () => {
  const { root, folder, modelArgs } = await colourWorkspace(['red', 'green', 'blue']);
  const out = join(root, 'out');
  const args = ['embed', ...modelArgs, '--format', 'npy', '--output', out, '--batch-size', '2', folder];
  expect(await runCli(args)).toEqual({ code: 0, stdout: '', stderr: '' });
  const npy = await readFile(join(out, 'img_emb/img_emb_0.npy'));
  expect(npy.subarray(0, 128).toString('latin1')).toContain(
    "'descr': '<f4', 'fortran_order': False, 'shape': (3, 3), }",
  );
  expect([...new Float32Array(new Uint8Array(npy.subarray(128)).buffer)]).toEqual([0, 0, 1, 0, 1, 0, 1, 0, 0]);
  expect(await metadata(out)).toEqual(
    ['blue', 'green', 'red'].map((name) => ({ image_path: join(folder, `${name}.png`) })),
  );
  expect((await readdir(out, { recursive: true })).filter((name) => name.includes('partial'))).toEqual([]);
});

it('writes texts, with the step of each int8 row in the metadata', async () => {
  const { modelArgs } = await colourWorkspace([]);
  const out = await temporaryFolder();
  const args = ['--modality', 'text', '--format', 'npy', '--output', out, '--precision', 'int8'];
  expect((await runCli(['embed', ...modelArgs, ...args, 'ein rötliches red', 'blue'])).code).toBe(0);
  const npy = await readFile(join(out, 'text_emb/text_emb_0.npy'));
  expect(npy.subarray(0, 128).toString('latin1')).toContain("'descr': '|i1'");
  expect([...new Int8Array(npy.subarray(128))]).toEqual([127, 0, 0, 0, 0, 127]);
  const scale = expect.closeTo(1 / 127, 8) as number;
  expect(await metadata(out)).toEqual([
    { caption: 'ein rötliches red', scale },
    { caption: 'blue', scale },
  ]);
});

it('packs ubinary rows into bytes', async () => {
  const { modelArgs } = await colourWorkspace([]);
  const out = await temporaryFolder();
  const args = ['--modality', 'text', '--format', 'npy', '--output', out, '--precision', 'ubinary'];
  await runCli(['embed', ...modelArgs, ...args, 'red', 'blue']);
  const npy = await readFile(join(out, 'text_emb/text_emb_0.npy'));
  expect(npy.subarray(0, 128).toString('latin1')).toContain(
    "'descr': '|u1', 'fortran_order': False, 'shape': (2, 1), }",
  );
  expect([...npy.subarray(128)]).toEqual([0b1000_0000, 0b0010_0000]);
});

it('refuses a folder that holds the other modality', async () => {
  const { folder, modelArgs } = await colourWorkspace(['red']);
  const out = join(folder, 'out');
  await mkdir(out);
  const args = ['embed', ...modelArgs, '--format', 'npy', '--output', out];
  await runCli([...args, folder]);
  const { code, stderr } = await runCli([...args, '--modality', 'text', 'red']);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('one modality') as string });
});
