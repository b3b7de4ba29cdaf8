import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeGolden } from '@diptych/golden';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { expect, it } from 'vitest';
import { jsonLines, runCli } from './run-cli.ts';
import { recordings, tinyClapFolder } from './tiny-clap.ts';
import { colourWorkspace, temporaryFolder } from './workspace.ts';

interface Hit {
  readonly query: string;
  readonly score: number;
  readonly path: string;
}

interface Row {
  readonly path: string;
  readonly embedding: readonly number[];
}

const names = ['a', 'b', 'c', 'd'];
const bytes = (at: number, kind: 'flac' | 'wav') => Buffer.from(recordings[at]![kind], 'base64');

/** A folder of four recordings, every other one as FLAC, and a tiny CLAP. */
async function soundWorkspace() {
  const root = await temporaryFolder();
  const [model, folder] = [join(root, 'model'), join(root, 'sounds')];
  await rename(await tinyClapFolder(), model);
  await mkdir(folder);
  const files = names.map((name, i) => join(folder, `${name}.${i % 2 === 0 ? 'flac' : 'wav'}`));
  for (const [i, file] of files.entries()) await writeFile(file, bytes(i, i % 2 === 0 ? 'flac' : 'wav'));
  const search = async (...args: string[]) => {
    const run = await runCli(['search', '--model', model, '--sounds', folder, ...args]);
    return { ...run, hits: run.code < 2 ? jsonLines<Hit>(run) : [] };
  };
  return { root, model, folder, files, search };
}

describeGolden('sounds', () => {
  it('are embedded as photos are: lines, or rows and paths, and those that cannot be read are named', async () => {
    const { root, model, folder, files } = await soundWorkspace();
    const mp3 = join(folder, 'e.mp3');
    await writeFile(mp3, 'ID3');
    await writeFile(join(folder, 'notes.txt'), 'no sound');
    const args = ['embed', '--model', model, '--modality', 'audio', folder];
    const run = await runCli(args);
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(`diptych: ${mp3}: INPUT_INVALID: expected a whole WAV or FLAC file, got another format`);
    expect(run.stderr.split('\n')).toHaveLength(2);
    const rows = jsonLines<Row>(run);
    expect(rows.map(({ path }) => path)).toEqual(files);
    expect(rows.map(({ embedding }) => embedding.length)).toEqual([16, 16, 16, 16]);

    await rm(mp3);
    const output = join(root, 'rows');
    const npy = ['--format', 'npy', '--output', output];
    expect(await runCli([...args, ...npy])).toEqual({ code: 0, stdout: '', stderr: '' });
    const array = await readFile(join(output, 'audio_emb/audio_emb_0.npy'));
    const data = new Float32Array(
      array.buffer.slice(array.byteOffset + array.length - 4 * 4 * 16).slice(0, 4 * 4 * 16),
    );
    expect([...data.subarray(0, 16)].map((value) => Number(value.toPrecision(9)))).toEqual(rows[0]!.embedding);
    const file = await asyncBufferFromFile(join(output, 'metadata/metadata_0.parquet'));
    expect((await parquetReadObjects({ file })).map((row) => row['audio_path'])).toEqual(files);
    const texts = await runCli(['embed', '--model', model, '--modality', 'text', 'rain', ...npy]);
    expect(texts.stderr).toContain('expected an --output folder of one modality');
  });

  it('are found by a sound, by a text and by both, from an index that outlives the run', async () => {
    const { root, folder, files, search } = await soundWorkspace();
    const query = join(root, 'query.wav');
    await writeFile(query, bytes(2, 'wav'));
    const first = await search('--sound', query, 'rain', '--top-k', '4');
    expect({ code: first.code, stderr: first.stderr }).toEqual({ code: 0, stderr: '' });
    expect(first.hits.map((hit) => hit.query)).toEqual(Array.from({ length: 4 }, () => `${query} + rain`));
    const alike = await search('--sound', query, '--top-k', '1');
    expect(alike.hits).toMatchObject([{ query, path: files[2], score: expect.closeTo(1, 5) as number }]);
    const words = await search('rain - wind', '--top-k', '9');
    expect(words.hits.map(({ path }) => path).toSorted()).toEqual(files);
    const store = await readFile(join(folder, '.diptych/model/rows.log'));
    await search('rain');
    expect(await readFile(join(folder, '.diptych/model/rows.log'))).toEqual(store);
    await rm(files[0]!);
    expect((await search('rain')).hits.map(({ path }) => path).toSorted()).toEqual(files.slice(1));
  });

  it('are refused of a model of photos, and photos of a model of sounds, with what it has', async () => {
    const { model, folder } = await soundWorkspace();
    const photos = await colourWorkspace(['red']);
    const embedded = await runCli(['embed', '--model', model, photos.folder]);
    expect(embedded.stderr).toBe(
      "diptych: UNSUPPORTED: model: expected one of its modalities (text, audio), got 'image'\n",
    );
    const searched = await runCli(['search', '--model', model, '--images', photos.folder, 'red']);
    expect(searched).toMatchObject({ code: 2, stderr: embedded.stderr });
    const sounds = await runCli(['search', ...photos.modelArgs, '--sounds', folder, 'red']);
    expect(sounds).toMatchObject({ code: 2, stderr: expect.stringContaining("got 'audio'") as string });
  });
});

it.each([
  [['--sounds', '.', '--images', '.', 'red'], 'cannot be used with'],
  [['--sounds', '.', '--image', 'a.png'], 'cannot be used with'],
  [['--images', '.', '--sound', 'a.wav'], 'cannot be used with'],
  [['--sounds', '.'], 'expected a query'],
  [['--sound', 'a.wav'], 'expected --images <folder> or --sounds <folder>'],
  [['--sounds', '-', 'red'], '--sounds -: expected --index'],
])('refuses %j', async (args, message) => {
  const { modelArgs } = await colourWorkspace([]);
  const { code, stderr } = await runCli(['search', ...modelArgs, ...args]);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) as string });
});
