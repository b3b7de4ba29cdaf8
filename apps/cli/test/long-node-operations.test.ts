import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { useBackend } from '@diptych/backend-wasm';
import * as checkpoint from '@diptych/checkpoint/node';
import * as core from '@diptych/core/node';
import { parquet, webdataset } from '@diptych/datasets';
import * as datasets from '@diptych/datasets/node';
import { blobFiles } from '@diptych/files';
import * as files from '@diptych/files/node';
import * as fleet from '@diptych/fleet';
import * as preprocessing from '@diptych/preprocessing/node';
import { copyStore, memoryStore } from '@diptych/retrieval';
import * as retrieval from '@diptych/retrieval/node';
import * as training from '@diptych/training';
import * as trainingFiles from '@diptych/training/node';
import { expectSignalRefusals } from '@diptych/testkit';
import { dualEncoderPlan, open, openTrainable } from 'diptych';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { beforeAll, expect, it } from 'vitest';
import { tar } from './hostile/tables.ts';
import { tinyClipFolder } from './tiny-clip.ts';
import { colourData, configFile, onPixels, writeNpy } from './training-data.ts';
import { temporaryFolder } from './workspace.ts';

type Run = (signal: AbortSignal) => Promise<unknown>;

async function drained(items: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of items);
}

const many = Array.from({ length: 100_000 }, (_, i) => i);

/** A set of one file in memory, without its images. */
const setOf = (bytes: Uint8Array<ArrayBuffer>) => blobFiles({ x: new Blob([bytes]) }, 'set');
const config = { model: 'm', dim: 8, precision: 'float32' } as const;
const rows = (n: number) => {
  const data = Float32Array.from({ length: 8 * n }, (_, i) => Math.sin(i));
  return { data, shape: [n, 8], precision: 'float32', model: 'm' } as const;
};

async function withStore(use: (store: Awaited<ReturnType<typeof retrieval.fileStore>>) => Promise<unknown>) {
  await using store = await retrieval.fileStore(await temporaryFolder(), config);
  await store.add(
    Array.from({ length: 20_000 }, (_, i) => `${i}`),
    rows(20_000),
  );
  await use(store);
}

/** Made when first asked for, since each operation is run several times. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
const parquetBytes = once(() => {
  const bytes = parquetWriteBuffer({
    columnData: [
      { name: 'image', data: many.map((i) => `${i}.jpg`) },
      { name: 'captions', data: many.map((i) => `a caption of ${i}`) },
    ],
  });
  return new Uint8Array(bytes);
});
const tarBytes = once(() => {
  const entries = many.slice(0, 20_000).map((i) => tar(`${i}.txt`, '1', '0', new Uint8Array([97])));
  return new Uint8Array(Buffer.concat(entries));
});

/** What can take long and is no export for pages: each would go on for seconds or for ever. */
const operations: Readonly<Record<string, Run>> = {
  'datasets: parquet': async (signal) => {
    await drained(parquet(setOf(parquetBytes()), ['x'], { onSkip: () => {}, signal }));
  },
  'datasets: webdataset': async (signal) => {
    await drained(webdataset(setOf(tarBytes()), ['x'], { onSkip: () => {}, signal }));
  },
  'datasets/node: captionData': async (signal) => {
    const file = join(await temporaryFolder(), 'x.jsonl');
    await writeFile(file, many.map((i) => JSON.stringify({ image: `${i}.jpg`, caption: 'x' })).join('\n'));
    await datasets.captionData(file, { checkImages: false, signal });
  },
  'fleet: modelIdentity': async (signal) => {
    const space = { id: 'm', architecture: 'a', dim: 8, dtype: 'float32' } as const;
    const zeros = new Uint8Array(1 << 22);
    const weights = { name: 'x', size: 2 ** 50, read: async () => zeros };
    const source = { id: 'set', open: async () => weights };
    await fleet.modelIdentity(space, { files: source, paths: ['x'], version: '1', signal });
  },
  'fleet: shardsOf': async (signal) => {
    const names = function* () {
      for (let i = 0; ; i++) yield `${i}.jpg`;
    };
    await drained(fleet.shardsOf({ kind: 'images', root: '/' }, names(), { signal }));
  },
  'retrieval/node: search of a file store': async (signal) =>
    withStore(async (store) => store.search(rows(2000), 10, { signal })),
  'retrieval/node: copy of a file store': async (signal) =>
    withStore(async (store) => {
      for (;;) await copyStore(store, memoryStore(config), { signal });
    }),
  'training/node: alignFile': async (signal) => {
    const folder = await temporaryFolder();
    const numbers = many.map((i) => [Math.sin(i), Math.cos(3 * i)]);
    for (const name of ['x', 'y']) await writeNpy(join(folder, `${name}.npy`), numbers);
    const views = { x: { features: 'x.npy' }, y: { features: 'y.npy' }, chunk: 2 };
    const path = await configFile(folder, views);
    await trainingFiles.alignFile(path, { output: join(folder, 'aligned'), open, signal });
  },
  'training/node: tuneFile': async (signal) => {
    const folder = await colourData();
    const path = await configFile(folder, { data: onPixels.data, loss: { kind: 'infoNce' }, epochs: 100_000 });
    using from = await openTrainable(await tinyClipFolder());
    await drained(trainingFiles.tuneFile(path, { output: join(folder, 'model'), from, signal }));
  },
  'training/node: trainFile': async (signal) => {
    const folder = await colourData();
    const path = await configFile(folder, { ...onPixels, epochs: 100_000 });
    const output = join(folder, 'model');
    await drained(trainingFiles.trainFile(path, { output, plan: dualEncoderPlan, open, signal }));
  },
};

/** What takes a signal and is tried elsewhere, or waits for a file or a server. */
const elsewhere = [
  ...['alignPairs', 'captionedPairs'].map((name) => [`training: ${name}`, 'by alignFile']),
  ...['dualTraining', 'trainEpochs'].map((name) => [`training: ${name}`, 'by trainFile']),
  ['training: tunedTraining', 'by tuneFile'],
  ...['downloadModel', 'hub', 'verifyCache'].map((name) => [`files/node: ${name}`, 'interrupted.test.ts']),
  ...['checkpoint/node: openLastGood', 'core/node: readFileBytes', 'preprocessing/node: readSound'].map((name) => [
    name,
    'waits for a file',
  ]),
  ...['decodeImage', 'loadImage'].map((name) => [`preprocessing/node: ${name}`, 'one image']),
  ...['bucketSink', 'openFleet', 'postgresSink', 'verify', 'work'].map((name) => [
    `fleet: ${name}`,
    'waits for a server; fleet.test.ts, bucket-sink.test.ts, postgres-sink.test.ts',
  ]),
  ['retrieval/node: fileStore', 'waits for a file; its methods take one'],
] as const;

beforeAll(async () => useBackend('cpu'));

it.each(Object.entries(operations))('a timer fires and its signal ends it: %s', async (_, run) => {
  const controller = new AbortController();
  const begun = run(controller.signal);
  setTimeout(() => controller.abort('enough'), 50);
  await expect(begun).rejects.toBe('enough');
});

it.each(Object.entries(operations))('refuses what is no signal: %s', async (_, run) => expectSignalRefusals(run));

it('are all of Node and of training that take a signal', () => {
  const all = {
    'checkpoint/node': checkpoint,
    'core/node': core,
    'datasets/node': datasets,
    'files/node': files,
    fleet,
    'preprocessing/node': preprocessing,
    'retrieval/node': retrieval,
    training,
    'training/node': trainingFiles,
  };
  const known = [...Object.keys(operations), ...elsewhere.map(([name]) => name)];
  const found = Object.entries(all).flatMap(([name, members]) =>
    Object.entries(members).flatMap(([member, value]) =>
      typeof value === 'function' && /\bsignal\b/.test(String(value)) ? [`${name}: ${member}`] : [],
    ),
  );
  expect(found.filter((name) => !known.includes(name))).toEqual([]);
});
