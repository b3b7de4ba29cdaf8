import * as alignment from '@diptych/alignment';
import * as core from '@diptych/core';
import * as evaluation from '@diptych/evaluation';
import * as report from '@diptych/evaluation/report';
import { given } from '@diptych/golden';
import * as preprocessing from '@diptych/preprocessing';
import * as retrieval from '@diptych/retrieval';
import { describe, expect, it } from 'vitest';
import * as diptych from '../src/index.ts';
import { openToy } from './toy.ts';

/** What a caller without types may give for anything. A string may be an address: it is no part of it. */
const wrong = new Map<string, unknown>([
  ['null', null],
  ['undefined', undefined],
  ['a number', 5],
  ['true', true],
  ['a DataView', new DataView(new ArrayBuffer(4))],
  ['[null]', [null]],
  ['{}', {}],
]);

/** To some it is something; a code may come of it, but no other error. */
const lists = new Map<string, unknown>([...wrong, ['[]', []], ['[[1]]', [[1]]]]);

type AnyFunction = (...values: unknown[]) => unknown;

/** Of core for the other packages, which call it with what they have checked; a class that `open` makes; functions of tensors. */
const internal =
  /^(ask|blobOfBody|bytesOfBody|checkSize|EmbeddingError|EmbeddingSpace|parseJson|parseJsonObject|partsOfBody)$|^(atOnce|columnMeans|crc32|inTurns|inverseNorms|pieces|prefetch|printable|provideWeights|refuseSettings|subtractRow|symmetricEigen|TopK|turn|unitRows|usable|weightStoreOf|withoutPasswords)$/;

/** Of alignment what takes arrays; the rest takes tensors. */
const takesArrays =
  /^([gm]?cca|kernelCca|(merge|sparse|stream)?moments|project|projectKernel|procrustes|rbfKernel|relativeRidge|totalCorrelation|weightedView)$/i;
const onArrays = Object.fromEntries(Object.entries<unknown>(alignment).filter(([name]) => takesArrays.test(name)));

const functions = Object.entries({
  alignment: onArrays,
  core,
  diptych,
  evaluation,
  preprocessing,
  report,
  retrieval,
}).flatMap(([name, all]) =>
  Object.entries<unknown>(all).flatMap(([member, value]) =>
    typeof value === 'function' && !internal.test(member)
      ? [[`${name}: ${member}`, value as AnyFunction] as const]
      : [],
  ),
);

type Calls = Readonly<Record<string, () => unknown>>;

/** The code of what a call throws; its text where it has none. */
async function codeOf(call: () => unknown): Promise<string> {
  try {
    const made = await call();
    if (typeof made === 'object' && made !== null && 'next' in made) await (made as AsyncIterator<unknown>).next();
    return 'accepted';
  } catch (error) {
    return error instanceof core.EmbeddingError ? error.code : String(error);
  }
}

/** The calls that do something else, and what. */
async function others(calls: Calls, expected = /^INPUT_INVALID$/): Promise<string[]> {
  const found: string[] = [];
  for (const [name, call] of Object.entries(calls)) {
    const code = await codeOf(call);
    if (!expected.test(code)) found.push(`${name}: ${code}`);
  }
  return found;
}

const rows = { precision: 'float32', data: Float32Array.of(1), shape: [1, 1], model: 'm' } as const;

describe('what is no argument is refused with a code', () => {
  it.each(functions)('%s', async (_, call) => {
    const calls = [...lists].map(([kind, value]) => [kind, () => call(value, value, value)] as const);
    expect(await others(Object.fromEntries(calls), /^(accepted|(?!NETWORK)[A-Z_]+)$/)).toEqual([]);
  });

  it('null as options', async () => {
    const calls: Calls = {
      open: () => diptych.open('folder', given(null)),
      download: () => diptych.download('folder', given(null)),
      exactSearch: () => retrieval.exactSearch(rows, given(null)),
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
  it.each([...wrong])('%s', async (_, value) => {
    using space = await openToy();
    const wrongly = given(value);
    const calls: Calls = {
      labels: () => space.classify([], wrongly),
      batch: () => space.encode('text', wrongly),
      rows: () => space.similarity(wrongly, wrongly),
      ...(value !== undefined && { precision: () => space.embed('text', ['a'], { precision: wrongly }) }),
      ...(!Array.isArray(value) && {
        texts: () => space.embed('text', wrongly),
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
      precision: () => space.stream('text', ['a'], { precision: given('float16') }),
      'options of classify': () => space.classify([], ['a'], given(null)),
    };
    expect(await others(calls)).toEqual([]);
  });
});

describe('a store refuses', () => {
  it.each([...wrong])('%s', async (kind, value) => {
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
  it.each([...wrong])('%s', async (_, value) => {
    const wrongly = given(value);
    const words = { word2idx: { '<pad>': 0, '<start>': 1, '<end>': 2, '<unk>': 3 } };
    const calls: Calls = {
      tokenizer: () => preprocessing.vocabularyTokenizer(words)(wrongly),
      processor: () => preprocessing.imageProcessor(preprocessing.clipImageProcessor)(wrongly),
      exact: () => retrieval.exactSearch(rows)(wrongly, 1),
      int8: () => retrieval.int8Search(rows)(wrongly, 1),
      signs: () => retrieval.signSearch(rows)(wrongly, 1),
    };
    expect(await others(calls)).toEqual([]);
  });
});
