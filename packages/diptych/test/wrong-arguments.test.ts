import * as alignment from '@diptych/alignment';
import * as core from '@diptych/core';
import * as evaluation from '@diptych/evaluation';
import * as report from '@diptych/evaluation/report';
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
  /^(ask|blobOfBody|bytesOfBody|checkSize|EmbeddingError|EmbeddingSpace|parseJson|parseJsonObject|partsOfBody)$|^(atOnce|columnMeans|crc32|inTurns|inverseNorms|pieces|prefetch|printable|refuseSettings|subtractRow|symmetricEigen|TopK|turn|unitRows|usable|withoutPasswords)$/;

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
      open: () => diptych.open('folder', null as never),
      download: () => diptych.download('folder', null as never),
      exactSearch: () => retrieval.exactSearch(rows, null as never),
      decodeImage: () => preprocessing.decodeImage(new Uint8Array(1), null as never),
      cosineScores: () => evaluation.cosineScores(rows, rows, null as never),
      captionRetrieval: () => evaluation.captionRetrieval(evaluation.cosineScores(rows, rows), null as never),
      bootstrap: () => evaluation.bootstrap([1], null as never),
      evaluateSpace: () => report.evaluateSpace(rows, rows, null as never),
      gcca: () => alignment.gcca([rows], null as never),
      moments: () => alignment.moments(rows, rows, null as never),
    };
    expect(await others(calls)).toEqual([]);
  });
});

describe('a space refuses', () => {
  it.each([...wrong])('%s', async (_, value) => {
    using space = await openToy();
    const given = value as never;
    const calls: Calls = {
      labels: () => space.classify([], given),
      batch: () => space.encode('text', given),
      rows: () => space.similarity(given, given),
      ...(value !== undefined && { precision: () => space.embed('text', ['a'], { precision: given }) }),
      ...(!Array.isArray(value) && {
        texts: () => space.embed('text', given),
        images: () => space.embed('image', given),
        'images of classify': () => space.classify(given, ['a']),
      }),
    };
    expect(await others(calls)).toEqual([]);
  });

  it('null as an image or options, and precisions that there are not', async () => {
    using space = await openToy();
    const calls: Calls = {
      image: () => space.embed('image', [null as never]),
      options: () => space.embed('text', ['a'], null as never),
      precision: () => space.stream('text', ['a'], { precision: 'float16' as never }),
      'options of classify': () => space.classify([], ['a'], null as never),
    };
    expect(await others(calls)).toEqual([]);
  });
});

describe('a store refuses', () => {
  it.each([...wrong])('%s', async (kind, value) => {
    const store = retrieval.memoryStore({ model: 'm', dim: 1, precision: 'float32', fields: { year: 'number' } });
    const given = value as never;
    const calls: Calls = {
      ids: () => store.upsert(given, rows),
      rows: () => store.upsert(['a'], given),
      'rows of a search': () => store.search(given, 1),
      k: () => store.search(rows, kind === 'a number' ? 0 : given),
      delete: () => store.delete(given),
      get: () => store.get(given),
      ...(value !== undefined && {
        metadata: () => store.upsert(['a'], rows, given),
        'metadata of a row': () => store.upsert(['a'], rows, [kind === '{}' ? null : given] as never),
      }),
    };
    expect(await others(calls)).toEqual([]);
    expect(await store.count()).toBe(0);
  });
});

describe('what was made refuses', () => {
  it.each([...wrong])('%s', async (_, value) => {
    const given = value as never;
    const words = { word2idx: { '<pad>': 0, '<start>': 1, '<end>': 2, '<unk>': 3 } };
    const calls: Calls = {
      tokenizer: () => preprocessing.vocabularyTokenizer(words)(given),
      processor: () => preprocessing.imageProcessor(preprocessing.clipImageProcessor)(given),
      exact: () => retrieval.exactSearch(rows)(given, 1),
      int8: () => retrieval.int8Search(rows)(given, 1),
      signs: () => retrieval.signSearch(rows)(given, 1),
    };
    expect(await others(calls)).toEqual([]);
  });
});
