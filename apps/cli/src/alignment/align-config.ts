import { EmbeddingError } from '@diptych/core';
import type { ConfigReader } from 'diptych';
import { atLeast, type ConfigFile, optionalPath, pathIn } from '../training/read-config.ts';

/** Where the rows of one view come from. */
export type ViewConfig =
  | { readonly kind: 'features'; readonly rows: string; readonly order?: string }
  | { readonly kind: 'model'; readonly model: string }
  | { readonly kind: 'tfidf'; readonly minCount: number; readonly maxWords: number };

/** What a configuration of `diptych align` says, checked. Paths are whole, and there. */
export interface AlignConfig {
  readonly x: ViewConfig;
  readonly y: ViewConfig;
  /** Captioned images that both views are made of; without them row `i` of one file belongs to row `i` of the other. */
  readonly data?: {
    readonly captions: string;
    readonly images?: string;
    readonly train: string;
    readonly test?: string;
  };
  /** Last rows of two files that are kept for the test. */
  readonly holdOut: number;
  readonly components: number;
  /** As a part of the mean variance of each view. */
  readonly ridge: readonly [x: number, y: number];
  /** Of the correlations that projections are multiplied by. */
  readonly power: number;
  /** Pairs in memory at once. */
  readonly chunk: number;
}

/** @throws {EmbeddingError} `CONFIG_INVALID` or `NOT_FOUND` with the path of the field. */
export function alignConfig({ reader, folder }: ConfigFile): AlignConfig {
  reader.only('x', 'y', 'data', 'holdOut', 'components', 'ridge', 'power', 'chunk');
  const [x, y] = (['x', 'y'] as const).map((side) => viewConfig(reader.object(side), folder));
  const data = reader.has('data') ? dataConfig(reader.object('data'), folder) : undefined;
  checkViews(reader.where, [x!, y!], data !== undefined);
  return {
    x: x!,
    y: y!,
    ...(data && { data }),
    holdOut: data ? 0 : atLeast(0, reader, 'holdOut', 0),
    components: reader.count('components', 128),
    ridge: ridgeOf(reader),
    power: reader.number('power', 1),
    chunk: reader.count('chunk', 1000),
  };
}

function viewConfig(reader: ConfigReader, folder: string): ViewConfig {
  reader.only('features', 'order', 'model', 'tfidf');
  const given = ['features', 'model', 'tfidf'].filter((field) => reader.has(field));
  if (given.length !== 1) {
    throw new EmbeddingError('CONFIG_INVALID', `${reader.where}: expected one of features, model, tfidf, got ${given}`);
  }
  if (reader.has('features')) {
    return { kind: 'features', rows: pathIn(reader, 'features', folder), order: optionalPath(reader, 'order', folder) };
  }
  if (reader.has('model')) return { kind: 'model', model: pathIn(reader, 'model', folder) };
  const tfidf = reader.object('tfidf');
  tfidf.only('minCount', 'maxWords');
  return { kind: 'tfidf', minCount: tfidf.count('minCount', 4), maxWords: tfidf.count('maxWords', 2000) };
}

function dataConfig(reader: ConfigReader, folder: string): NonNullable<AlignConfig['data']> {
  reader.only('captions', 'images', 'train', 'test');
  return {
    captions: pathIn(reader, 'captions', folder),
    images: optionalPath(reader, 'images', folder),
    train: reader.string('train', 'train'),
    ...(reader.has('test') && { test: reader.string('test') }),
  };
}

/** Images are `x` and captions `y` where there are such, and otherwise both are files of paired rows. */
function checkViews(where: string, [x, y]: readonly ViewConfig[], captioned: boolean): void {
  const fits = captioned
    ? (x!.kind === 'model' || (x!.kind === 'features' && x!.order !== undefined)) && y!.kind !== 'features'
    : [x, y].every((view) => view!.kind === 'features' && view!.order === undefined);
  if (fits) return;
  const expected = captioned
    ? 'x of images (features with order, or model) and y of captions (tfidf or model)'
    : "features without order as x and y where there is no 'data'";
  throw new EmbeddingError('CONFIG_INVALID', `${where}: expected ${expected}`);
}

function ridgeOf(reader: ConfigReader): readonly [number, number] {
  const found = reader.value('ridge') ?? 0.1;
  const both = Array.isArray(found) ? (found as unknown[]) : [found, found];
  if (both.length === 2 && both.every((part) => typeof part === 'number' && part >= 0)) return both as [number, number];
  const got = JSON.stringify(found);
  throw new EmbeddingError(
    'CONFIG_INVALID',
    `${reader.where}: ridge: expected a number of at least 0, or two, got ${got}`,
  );
}
