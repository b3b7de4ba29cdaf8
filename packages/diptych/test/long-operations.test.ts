import * as alignment from '@diptych/alignment';
import * as checkpoint from '@diptych/checkpoint';
import * as core from '@diptych/core';
import * as evaluation from '@diptych/evaluation';
import * as report from '@diptych/evaluation/report';
import * as nn from '@diptych/nn';
import * as preprocessing from '@diptych/preprocessing';
import * as retrieval from '@diptych/retrieval';
import { describeBackends, turnsAfterAbort } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import * as diptych from '../src/index.ts';
import { openToy, plain } from './toy.ts';

const { cosineScores } = evaluation;
const random = core.seededRandom(1);
const rows = (n: number, dim: number) => {
  return { data: Float32Array.from({ length: n * dim }, () => 2 * random() - 1), shape: [n, dim] as const };
};
const stored = (n: number): core.Embeddings => ({ ...rows(n, 8), precision: 'float32', model: 'm' });
const [images, captions] = [rows(400, 8), rows(400, 8)];
const scores = cosineScores(images, captions);
const texts = Array.from({ length: 50 }, (_, i) => `${i}`);
const pictures = Array.from({ length: 50 }, (_, i) => plain(i, 1, 2));
const points = rows(200, 3);
const kernel = await alignment.rbfKernel(points, points, 1);
const moments = await alignment.moments(rows(300, 150), rows(300, 150));

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

/** What can take long and is an export, or a method of what one gives. */
const operations: Readonly<Record<string, Run>> = {
  'alignment: cca': async (signal) => alignment.cca(moments, { signal }),
  'alignment: gcca': async (signal) => alignment.gcca([rows(200, 100), rows(200, 100)], { components: 2, signal }),
  'alignment: fit': async (signal) => drained(alignment.fit({ ...training(signal), epochs: 9, batches: () => texts })),
  'alignment: kernelCca': async (signal) => alignment.kernelCca(kernel, kernel, { kappa: 1, signal }),
  'alignment: mcca': async (signal) => alignment.mcca([rows(200, 100), rows(200, 100)], { components: 2, signal }),
  'alignment: moments': async (signal) => alignment.moments(rows(3000, 99), rows(3000, 99), { signal }),
  'alignment: procrustes': async (signal) => alignment.procrustes(rows(99, 99), rows(99, 99), { signal }),
  'alignment: rbfKernel': async (signal) => alignment.rbfKernel(rows(3000, 9), rows(3000, 9), 1, { signal }),
  'alignment: sparseMoments': async (signal) => alignment.sparseMoments(rows(3000, 99), rows(3000, 99), { signal }),
  'alignment: streamMoments': async (signal) =>
    alignment.streamMoments(
      Array.from({ length: 9 }, () => [images, captions] as const),
      { signal },
    ),
  'alignment: train': async (signal) => drained(alignment.train({ ...training(signal), batches: texts })),
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
  'evaluation: captionRanks': async (signal) =>
    evaluation.captionRanks(
      scores,
      captions.data.slice(0, 400).map((__, i) => i),
      { signal },
    ),
  'evaluation: captionRetrieval': async (signal) => evaluation.captionRetrieval(scores, { signal }),
  'evaluation: captionRetrieval, folds': async (signal) => evaluation.captionRetrieval(scores, { folds: 4, signal }),
  'evaluation: embedCorpus': async (signal) =>
    evaluation.embedCorpus(
      { queries: texts, texts, images: [], summaries: [], relevantTexts: [], relevantImages: [] },
      embedder,
      { signal },
    ),
  'evaluation: zeroShot': async (signal) =>
    evaluation.zeroShot({ images: pictures, labels: texts.map(Number), classes: texts }, embedder, { signal }),
  'report: evaluateSpace': async (signal) => report.evaluateSpace(images, captions, { signal }),
  'report: umap': async (signal) => report.umap(SlowMap)(images, signal),
  'retrieval: clusters': async (signal) => retrieval.clusters(stored(300), 9, { signal }),
  'retrieval: copyStore': async (signal) =>
    retrieval.copyStore(store, retrieval.memoryStore({ model: 'm', dim: 8, precision: 'float32' }), { signal }),
  'retrieval: search of a store': async (signal) => store.search(stored(300), 10, { signal }),
};

class SlowMap {
  initializeFit = () => 50;
  step = () => 1;
  getEmbedding = () => [];
}

/** What takes a signal and is tried elsewhere, or waits for what does. */
const elsewhere = new Map<string, string>([
  ['alignment: project', 'one product: packages/alignment/test/cca/event-loop.test.ts'],
  ['alignment: projectKernel', 'as project'],
  ...['openCheckpoint', 'openSafetensors', 'openTfjsWeights', 'openTorchZip', 'urlFiles'].map(
    (name) => [`checkpoint: ${name}`, 'waits for a file'] as const,
  ),
  ['diptych: EmbeddingSpace', 'by its methods'],
  ['diptych: imageTower', 'by embed'],
  ['diptych: modelLicence', 'waits for a file'],
  ['diptych: open', 'waits for files, and for loadModel'],
  ['diptych: textTower', 'by embed'],
  ['nn: loadModel', 'reads an array at a time: packages/nn/test/model.test.ts'],
  ['preprocessing: imageProcessor', 'decodes an image at a time: packages/preprocessing/test/image/processor.test.ts'],
  ['preprocessing: loadImage', 'one image: packages/preprocessing/test/image/decode.test.ts'],
]);

describeBackends('lets others have their turn, and ends within a piece when it is aborted', () => {
  it.each(Object.entries(operations))('%s', async (_, run) => {
    expect(await turnsAfterAbort(run)).toBeLessThan(4);
  });
});

it('are all that take a signal', () => {
  const packages = { alignment, checkpoint, diptych, evaluation, nn, preprocessing, report, retrieval };
  const known = [...Object.keys(operations).map((name) => name.split(',')[0]!), ...elsewhere.keys()];
  const found = Object.entries(packages).flatMap(([name, all]) =>
    Object.entries<unknown>(all)
      .filter(([, value]) => typeof value === 'function' && /\bsignal\b/.test(String(value)))
      .map(([member]) => `${name}: ${member}`),
  );
  expect(found.filter((name) => !known.includes(name))).toEqual([]);
  expect([...elsewhere.keys()].filter((name) => !found.includes(name))).toEqual([]);
});
