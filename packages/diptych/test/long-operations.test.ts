import * as alignment from '@diptych/alignment';
import * as wasm from '@diptych/backend-wasm';
import * as algebra from '@diptych/backend-wasm/algebra';
import * as search from '@diptych/backend-wasm/search';
import * as checkpoint from '@diptych/checkpoint';
import * as core from '@diptych/core';
import * as datasets from '@diptych/datasets';
import * as evaluation from '@diptych/evaluation';
import * as report from '@diptych/evaluation/report';
import * as files from '@diptych/files';
import * as nn from '@diptych/nn';
import * as preprocessing from '@diptych/preprocessing';
import * as retrieval from '@diptych/retrieval';
import { describeBackends, expectSignalRefusals, turnsAfterAbort } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import * as diptych from '../src/index.ts';
import { shortFunctions } from './short-functions.ts';
import { openToy, plain } from './toy.ts';

const { cosineScores } = evaluation;
const random = core.seededRandom(1);
const rows = (n: number, dim: number) => {
  return { data: Float32Array.from({ length: n * dim }, () => 2 * random() - 1), shape: [n, dim] as const };
};
const stored = (n: number): core.Embeddings => ({ ...rows(n, 8), precision: 'float32', model: 'm' });
const [images, captions] = [rows(400, 8), rows(400, 8)];
const scores = cosineScores(images, captions);
const labels = Array.from({ length: 400 }, (_, i) => i % 9);
const relevant = labels.map((label) => [label]);
const labelled = { features: rows(4000, 99), labels: Array.from({ length: 4000 }, (_, i) => i % 9) };
const numbers = Float64Array.from(captions.data, (value) => value + 0.1);
const judged = Array.from({ length: 100_000 }, (_, i) => `${i % 100} Q0 d${i} 1 ${i} x`).join('\n');
const qrels = await evaluation.readQrels(judged);
const rankings = Array.from({ length: 20_000 }, () => ({ retrieved: [0, 1], relevant: [1, 1] }));
const texts = Array.from({ length: 50 }, (_, i) => `${i}`);
const pictures = Array.from({ length: 50 }, (_, i) => plain(i, 1, 2));
const points = rows(200, 3);
const kernel = await alignment.rbfKernel(points, points, 1);
const moments = await alignment.moments(rows(300, 150), rows(300, 150));
const others = await alignment.moments(rows(300, 150), rows(300, 150));

type Run = (signal: AbortSignal) => Promise<unknown>;

async function drained(items: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of items);
}

/** A space that is opened for one call, and looks at its signal after each item. */
const embedder: evaluation.Embedder<preprocessing.Image> = {
  async embed(modality, items, options) {
    using space = await openToy();
    return await space.embed(modality, items, { ...options, batchSize: 1 });
  },
};

/** Batches without a gradient, so that nothing but the loop is tried. */
function training(signal: AbortSignal) {
  const variables = new Map([['a', tf.variable(tf.scalar(1))]]);
  const optimizer = alignment.optimizer(variables, alignment.sgd());
  const gradients = () => ({ loss: tf.scalar(1), gradients: new Map([['a', tf.scalar(1)]]) });
  return { variables, optimizer, gradients, schedule: () => 0.1, signal };
}

async function filledStore(n: number) {
  const store = retrieval.memoryStore({ model: 'm', dim: 8, precision: 'float32' });
  await store.add(
    Array.from({ length: n }, (_, i) => `${i}`),
    stored(n),
  );
  return store;
}

const store = await filledStore(20_000);

// What the first opening loads, as what it says of licences, is there then.
(await openToy()).dispose();

const many = Array.from({ length: 60_000 }, (_, i) => i);
const lines: Readonly<Record<string, string>> = {
  csv: ['image,caption', ...many.map((i) => `${i}.jpg,a caption of it`)].join('\n'),
  json: `{"images":[${many.map((i) => `{"filename":"${i}.jpg","imgid":${i},"sentences":[]}`).join()}]}`,
  jsonl: many.map((i) => `{"image":"${i}.jpg","caption":"a caption of it"}`).join('\n'),
  token: many.map((i) => `${i}.jpg#0\ta caption of it`).join('\n'),
};

/** A data set that nobody has to wait for, without its images. */
const set: files.Files = {
  id: 'set',
  async open(name) {
    const bytes = new TextEncoder().encode(lines[name]);
    const { length: size } = bytes;
    return name in lines ? { name, size, read: async (begin, end) => bytes.slice(begin, end) } : undefined;
  },
};

/** Samples of a set without its images: what is looked at is the reading. */
async function skipping(
  samples: (options: datasets.ReadOptions) => AsyncIterable<unknown>,
  signal: AbortSignal,
): Promise<void> {
  await drained(samples({ onSkip: () => {}, signal }));
}

/** What can take long and is an export, or a method of what one gives. */
const operations: Readonly<Record<string, Run>> = {
  'alignment: cca': async (signal) => alignment.cca(moments, { signal }),
  'alignment: crossValidatedRidge': async (signal) => alignment.crossValidatedRidge([moments, others], { signal }),
  'alignment: gcca': async (signal) => alignment.gcca([rows(200, 100), rows(200, 100)], { components: 2, signal }),
  'alignment: fit': async (signal) => drained(alignment.fit({ ...training(signal), epochs: 9, batches: () => texts })),
  'alignment: kernelCca': async (signal) => alignment.kernelCca(kernel, kernel, { kappa: 1, signal }),
  'alignment: mcca': async (signal) => alignment.mcca([rows(200, 100), rows(200, 100)], { components: 2, signal }),
  'alignment: moments': async (signal) => alignment.moments(rows(3000, 99), rows(3000, 99), { signal }),
  'alignment: nystrom': async (signal) => alignment.nystrom(kernel, { signal }),
  'alignment: pls': async (signal) => alignment.pls(moments, { signal }),
  'alignment: probabilisticCca': async (signal) => alignment.probabilisticCca(moments, { signal }),
  'alignment: procrustes': async (signal) => alignment.procrustes(rows(99, 99), rows(99, 99), { signal }),
  'alignment: rbfKernel': async (signal) => alignment.rbfKernel(rows(3000, 9), rows(3000, 9), 1, { signal }),
  'alignment: refinedProcrustes': async (signal) =>
    alignment.refinedProcrustes(rows(300, 99), rows(300, 99), { pairs: [[0, 0]], signal }),
  'alignment: sparseCca': async (signal) => alignment.sparseCca(moments, { penalties: [0.5, 0.5], signal }),
  'alignment: sparseMoments': async (signal) => alignment.sparseMoments(rows(3000, 99), rows(3000, 99), { signal }),
  'alignment: streamMoments': async (signal) =>
    alignment.streamMoments(
      Array.from({ length: 9 }, () => [images, captions] as const),
      { signal },
    ),
  'alignment: tensorCca': async (signal) =>
    alignment.tensorCca([rows(200, 50), rows(200, 50)], { components: 2, ridge: 1, signal }),
  'alignment: train': async (signal) => drained(alignment.train({ ...training(signal), batches: texts })),
  'datasets: csv': async (signal) => skipping((options) => datasets.csv(set, 'csv', options), signal),
  'datasets: jsonLines': async (signal) => skipping((options) => datasets.jsonLines(set, 'jsonl', options), signal),
  'datasets: karpathy': async (signal) => skipping((options) => datasets.karpathy(set, 'json', options), signal),
  'datasets: tokenFile': async (signal) => skipping((options) => datasets.tokenFile(set, 'token', options), signal),
  'diptych: embed, texts': async (signal) => embedder.embed('text', texts, { signal }),
  'diptych: embed, images': async (signal) => embedder.embed('image', pictures, { signal }),
  'diptych: classify': async (signal) => {
    using space = await openToy();
    return await space.classify(pictures, texts, { signal, batchSize: 1 });
  },
  'diptych: stream': async (signal) => {
    using space = await openToy();
    await drained(space.stream('text', texts, { signal, batchSize: 1 }));
  },
  'evaluation: bootstrap': async (signal) => evaluation.bootstrap(numbers, { signal, samples: 10_000 }),
  'evaluation: captionRanks': async (signal) => evaluation.captionRanks(scores, [...relevant.keys()], { signal }),
  'evaluation: captionRetrieval': async (signal) => evaluation.captionRetrieval(scores, { signal }),
  'evaluation: captionRetrieval, folds': async (signal) => evaluation.captionRetrieval(scores, { folds: 4, signal }),
  'evaluation: classification': async (signal) => evaluation.classification(scores, labels, { signal }),
  'evaluation: csls': async (signal) => evaluation.csls(scores, { signal }),
  'evaluation: embedCorpus': async (signal) =>
    evaluation.embedCorpus(
      { queries: texts, texts, images: [], summaries: [], relevantTexts: [], relevantImages: [] },
      embedder,
      { signal },
    ),
  'evaluation: firstRanks': async (signal) => evaluation.firstRanks(scores, relevant, { signal }),
  'evaluation: hubness': async (signal) => evaluation.hubness(scores, 10, { signal }),
  'evaluation: invertedSoftmax': async (signal) => evaluation.invertedSoftmax(scores, 5, { signal }),
  'evaluation: linearCka': async (signal) => evaluation.linearCka(labelled.features, rows(4000, 99), { signal }),
  'evaluation: linearProbe': async (signal) =>
    evaluation.linearProbe({ train: labelled, validation: labelled, test: labelled }, { signal }),
  'evaluation: logisticRegression': async (signal) =>
    evaluation.logisticRegression(labelled.features, labelled.labels, { tolerance: 1e-12, signal }),
  'evaluation: mixedModality': async (signal) =>
    evaluation.mixedModality(
      {
        queries: images,
        texts: captions,
        images,
        summaries: images,
        relevantTexts: relevant,
        relevantImages: relevant,
      },
      { signal },
    ),
  'evaluation: pairedTest': async (signal) => evaluation.pairedTest(numbers, numbers.toReversed(), { signal }),
  'evaluation: pca': async (signal) => evaluation.pca(labelled.features, { signal }),
  'evaluation: qbNorm': async (signal) => evaluation.qbNorm(scores, scores, { signal }),
  'evaluation: rankDocuments': async (signal) => evaluation.rankDocuments(scores, relevant, { signal }),
  'evaluation: rankRun': async (signal) => evaluation.rankRun(qrels, qrels, { signal }),
  'evaluation: rankedRetrieval': async (signal) => evaluation.rankedRetrieval(rankings, 10, { signal }),
  'evaluation: readQrels': async (signal) => evaluation.readQrels(judged, { signal }),
  'evaluation: readRun': async (signal) => evaluation.readRun(judged, { signal }),
  'evaluation: spectrum': async (signal) => evaluation.spectrum(labelled.features, { signal }),
  'evaluation: topK': async (signal) => evaluation.topK(scores, 5, { signal }),
  'evaluation: uniformity': async (signal) => evaluation.uniformity(rows(3000, 8), { signal }),
  'evaluation: zeroShot': async (signal) =>
    evaluation.zeroShot({ images: pictures, labels: texts.map(Number), classes: texts }, embedder, { signal }),
  'report: evaluateSpace': async (signal) => report.evaluateSpace(images, captions, { signal }),
  'report: umap': async (signal) => report.umap()(images, signal),
  'retrieval: clusters': async (signal) => retrieval.clusters(stored(300), 9, { signal }),
  'retrieval: copyStore': async (signal) =>
    retrieval.copyStore(store, retrieval.memoryStore({ model: 'm', dim: 8, precision: 'float32' }), { signal }),
  'retrieval: mineNegatives': async (signal) =>
    retrieval.mineNegatives(
      stored(500),
      stored(5000),
      Array.from({ length: 500 }, () => [0]),
      { signal },
    ),
  'retrieval: duplicates': async (signal) => retrieval.duplicates(stored(5000), 0.9, { signal }),
  'retrieval: search of a store': async (signal) => store.search(stored(300), 10, { signal }),
};

/** What takes a signal and is tried elsewhere, or waits for what does. */
const elsewhere = new Map<string, string>([
  ['alignment: project', 'one product: packages/alignment/test/cca/event-loop.test.ts'],
  ['alignment: projectKernel', 'as project'],
  ...['openCheckpoint', 'openSafetensors', 'openTfjsWeights', 'openTorchZip'].map(
    (name) => [`checkpoint: ${name}`, 'waits for a file'] as const,
  ),
  ['checkpoint: dequantized', 'passes it on to the checkpoint that it reads'],
  ['core: arriving', 'waits for what it is given'],
  ['core: ask', 'waits for a server: packages/core/test/transfer.test.ts'],
  ['core: checkSignal', 'looks at it: by all that are here'],
  ['core: expectListeners', 'looks at a signal: mistakes.test.ts'],
  ['core: inTurns', 'what is here: packages/core/test/steps.test.ts'],
  ['core: partsOfBody', 'waits for a server: packages/core/test/transfer.test.ts'],
  ['core: prefetch', 'waits for what it fetches: packages/core/test/prefetch.test.ts'],
  ['core: readBeside', 'waits for a file'],
  ['core: turn', 'what is here: packages/core/test/turn.test.ts'],
  ['datasets: openNpy', 'waits for a file, a range of rows at a time'],
  ['datasets: parquet', 'apps/cli/test/long-node-operations.test.ts'],
  ['datasets: prefetch', 'of core'],
  ['datasets: webdataset', 'apps/cli/test/long-node-operations.test.ts'],
  ['diptych: EmbeddingSpace', 'by its methods'],
  ['diptych: download', 'waits for files: packages/diptych/test/hub.test.ts'],
  ['diptych: imageTower', 'by embed'],
  ['diptych: modelLicence', 'waits for a file'],
  ['diptych: open', 'waits for files, and for loadModel'],
  ['diptych: openColbert', 'as open; what it gives: packages/diptych/test/open-colbert.test.ts'],
  ['diptych: openTrainable', 'as open'],
  ['checkpoint: rewriteSafetensors', 'waits for a file'],
  ['diptych: textTower', 'by embed'],
  ['files: blockSource', 'waits for a file'],
  ['files: codeFiles', 'what it gives waits for a file'],
  ['files: familyConfig', 'waits for a file'],
  ['files: urlFiles', 'waits for a file'],
  ['nn: loadModel', 'reads an array at a time: packages/nn/test/model.test.ts'],
  ['preprocessing: imageProcessor', 'decodes an image at a time: packages/preprocessing/test/image/processor.test.ts'],
  ['preprocessing: loadImage', 'one image: packages/preprocessing/test/image/decode.test.ts'],
]);

describeBackends('lets others have their turn, and ends within a piece when it is aborted', () => {
  it.each(Object.entries(operations))('%s', async (_, run) => {
    expect(await turnsAfterAbort(run)).toBeLessThan(4);
  });
});

describe('refuses what is no signal', () => {
  beforeAll(async () => void (await wasm.useBackend('cpu')));

  it.each(Object.entries(operations))('%s', async (_, run) => expectSignalRefusals(run));
});

/** Of tensors and their shapes: what one forward takes. */
const ofTensors = { nn };

/** Whose functions are named one by one. */
const packages = {
  algebra,
  alignment,
  checkpoint,
  core,
  datasets,
  diptych,
  evaluation,
  files,
  preprocessing,
  report,
  retrieval,
  search,
  wasm,
};

function functionsOf(
  some: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): (readonly [name: string, value: unknown])[] {
  return Object.entries(some).flatMap(([name, all]) =>
    Object.entries(all).flatMap(([member, value]) =>
      typeof value === 'function' ? [[`${name}: ${member}`, value] as const] : [],
    ),
  );
}

const takeSignal = [...Object.keys(operations).map((name) => name.split(',')[0]!), ...elsewhere.keys()];

it('are all that take a signal', () => {
  const found = functionsOf({ ...packages, ...ofTensors }).filter(([, value]) => /\bsignal\b/.test(String(value)));
  expect(found.map(([name]) => name).filter((name) => !takeSignal.includes(name))).toEqual([]);
});

it('are all functions, but for those of which is known why they are short', () => {
  const named = functionsOf(packages).map(([name]) => name);
  expect(named.filter((name) => !takeSignal.includes(name) && !shortFunctions.includes(name))).toEqual([]);
  expect(shortFunctions.filter((name) => !named.includes(name) || takeSignal.includes(name))).toEqual([]);
});
