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
import * as fusion from '@diptych/fusion';
import * as imageEncoder from '@diptych/image-encoder';
import { given } from '@diptych/golden';
import * as nn from '@diptych/nn';
import * as preprocessing from '@diptych/preprocessing';
import * as audio from '@diptych/preprocessing/audio';
import * as retrieval from '@diptych/retrieval';
import { bareErrors, codeOf, functionsOf, wrongValues } from '@diptych/testkit';
import * as textEncoder from '@diptych/text-encoder';
import { beforeAll, describe, expect, it } from 'vitest';
import * as diptych from '../src/index.ts';
import * as worker from '../src/worker/create-embedder.ts';
import * as workerServe from '../src/worker/serve-embedder.ts';
import { openToy } from './toy.ts';

const packages = {
  algebra,
  alignment,
  audio,
  checkpoint,
  core,
  datasets,
  diptych,
  evaluation,
  files,
  fusion,
  imageEncoder,
  nn,
  preprocessing,
  report,
  retrieval,
  search,
  textEncoder,
  wasm,
  worker,
  workerServe,
};

/** All exports, so that a new one is among them. Those for Node alone are in apps/cli/test/wrong-arguments.test.ts. */
const functions = Object.entries<object>(packages).flatMap(([name, all]) =>
  functionsOf(all).map(([member, call]) => [`${name}: ${member}`, call] as const),
);

type Calls = Readonly<Record<string, () => unknown>>;

/** The calls that do something else, and what. */
async function others(calls: Calls): Promise<string[]> {
  const found: string[] = [];
  for (const [name, call] of Object.entries(calls)) {
    const code = await codeOf(call);
    if (code !== 'INPUT_INVALID') found.push(`${name}: ${code}`);
  }
  return found;
}

const rows = { precision: 'float32', data: Float32Array.of(1), shape: [1, 1], model: 'm' } as const;
const tokens = { ...rows, offsets: Uint32Array.of(0, 1) };

describe('what is no argument is refused with a code', () => {
  beforeAll(async () => void (await wasm.useBackend('cpu')));

  it.each(functions)('%s', async (_, call) => {
    expect(await bareErrors(call)).toEqual([]);
  });

  it('null as options', async () => {
    const calls: Calls = {
      open: () => diptych.open('folder', given(null)),
      download: () => diptych.download('folder', given(null)),
      createEmbedder: () => worker.createEmbedder(given(null)),
      serveEmbedder: () => workerServe.serveEmbedder(given(null)),
      exactSearch: () => retrieval.exactSearch(rows, given(null)),
      maxSim: () => retrieval.maxSim(tokens, tokens, given(null)),
      maxSimSearch: () => retrieval.maxSimSearch(tokens, given(null)),
      decodeImage: () => preprocessing.decodeImage(new Uint8Array(1), given(null)),
      cosineScores: () => evaluation.cosineScores(rows, rows, given(null)),
      captionRetrieval: () => evaluation.captionRetrieval(evaluation.cosineScores(rows, rows), given(null)),
      bootstrap: () => evaluation.bootstrap([1], given(null)),
      evaluateSpace: () => report.evaluateSpace(rows, rows, given(null)),
      gcca: () => alignment.gcca([rows], given(null)),
      moments: () => alignment.moments(rows, rows, given(null)),
    };
    expect(await others(calls)).toEqual([]);
  });
});

describe('a space refuses', () => {
  it.each([...wrongValues])('%s', async (_, value) => {
    using space = await openToy();
    const wrongly = given(value);
    const calls: Calls = {
      labels: () => space.classify([], wrongly),
      batch: () => space.encode('text', wrongly),
      rows: () => space.similarity(wrongly, wrongly),
      ...(value !== undefined && { precision: () => space.embed('text', ['a'], { precision: wrongly }) }),
      ...(!Array.isArray(value) && {
        texts: () => space.embed('text', wrongly),
        tokens: () => space.tokenize(wrongly),
        images: () => space.embed('image', wrongly),
        'images of classify': () => space.classify(wrongly, ['a']),
      }),
    };
    expect(await others(calls)).toEqual([]);
  });

  it('null as an image or options, and precisions that there are not', async () => {
    using space = await openToy();
    const calls: Calls = {
      image: () => space.embed('image', [given(null)]),
      options: () => space.embed('text', ['a'], given(null)),
      'options of tokenize': () => space.tokenize('a', given(null)),
      precision: () => space.stream('text', ['a'], { precision: given('float16') }),
      'options of classify': () => space.classify([], ['a'], given(null)),
    };
    expect(await others(calls)).toEqual([]);
  });
});

describe('a store refuses', () => {
  it.each([...wrongValues])('%s', async (kind, value) => {
    const store = retrieval.memoryStore({ model: 'm', dim: 1, precision: 'float32', fields: { year: 'number' } });
    const wrongly = given(value);
    const calls: Calls = {
      ids: () => store.upsert(wrongly, rows),
      rows: () => store.upsert(['a'], wrongly),
      'rows of a search': () => store.search(wrongly, 1),
      k: () => store.search(rows, kind === 'a number' ? 0 : wrongly),
      delete: () => store.delete(wrongly),
      get: () => store.get(wrongly),
      ...(value !== undefined && {
        metadata: () => store.upsert(['a'], rows, wrongly),
        'metadata of a row': () => store.upsert(['a'], rows, given([kind === '{}' ? null : value])),
      }),
    };
    expect(await others(calls)).toEqual([]);
    expect(await store.count()).toBe(0);
  });
});

describe('what was made refuses', () => {
  it.each([...wrongValues])('%s', async (_, value) => {
    const wrongly = given(value);
    const words = { word2idx: { '<pad>': 0, '<start>': 1, '<end>': 2, '<unk>': 3 } };
    const calls: Calls = {
      tokenizer: () => preprocessing.vocabularyTokenizer(words)(wrongly),
      processor: () => preprocessing.imageProcessor(preprocessing.clipImageProcessor)(wrongly),
      exact: () => retrieval.exactSearch(rows)(wrongly, 1),
      int8: () => retrieval.int8Search(rows)(wrongly, 1),
      signs: () => retrieval.signSearch(rows)(wrongly, 1),
      tokens: () => retrieval.maxSimSearch(tokens)(wrongly, 1),
      ...(value !== undefined && { among: () => retrieval.maxSimSearch(tokens)(tokens, 1, { among: wrongly }) }),
    };
    expect(await others(calls)).toEqual([]);
  });
});
