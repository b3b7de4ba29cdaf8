import { type ConfigReader, EmbeddingError } from '@diptych/core';
import type { CcaRecipe } from '../align/align-pairs.ts';
import { atLeast } from '../at-least.ts';
import { type ConfigFile, optionalPath, pathIn } from './read-config.ts';

/** Where the rows of one view come from. */
type ViewConfig =
  | { readonly kind: 'features'; readonly rows: string; readonly order?: string | undefined }
  | { readonly kind: 'model'; readonly model: string }
  | { readonly kind: 'tfidf'; readonly minCount: number; readonly maxWords: number };

/** Row `i` of one file belongs to row `i` of the other. */
export interface FilesConfig {
  readonly files: readonly [x: string, y: string];
  /** Last rows that are kept for the test. */
  readonly holdOut: number;
}

/** Captioned images that both views are made of. */
export interface CaptionedConfig {
  readonly captions: string;
  readonly images?: string | undefined;
  readonly train: string;
  readonly test?: string;
  readonly x: { readonly rows: string; readonly order: string } | { readonly model: string };
  readonly y: { readonly tfidf: { readonly minCount: number; readonly maxWords: number } } | { readonly model: string };
}

/** What a configuration of `diptych align` says, checked. Paths are whole, and there. */
export interface AlignConfig extends CcaRecipe {
  readonly views: FilesConfig | CaptionedConfig;
}

/** @throws {EmbeddingError} `CONFIG_INVALID` or `NOT_FOUND` with the path of the field. */
export function alignConfig({ reader, folder }: ConfigFile): AlignConfig {
  reader.only('x', 'y', 'data', 'holdOut', 'components', 'ridge', 'power', 'chunk');
  const x = viewConfig(reader.object('x'), folder);
  const y = viewConfig(reader.object('y'), folder);
  return {
    views: reader.has('data') ? captioned(reader, [x, y], folder) : files(reader, [x, y]),
    components: reader.has('components') ? reader.count('components') : undefined,
    ridge: ridgeOf(reader),
    power: reader.number('power', 1),
    chunk: reader.count('chunk', 1000),
  };
}

function viewConfig(reader: ConfigReader, folder: string): ViewConfig {
  reader.only('features', 'order', 'model', 'tfidf');
  const given = ['features', 'model', 'tfidf'].filter((field) => reader.has(field));
  if (given.length !== 1) {
    throw new EmbeddingError('CONFIG_INVALID', {
      where: reader.where,
      expected: 'one of features, model, tfidf',
      got: given,
    });
  }
  if (reader.has('features')) {
    return { kind: 'features', rows: pathIn(reader, 'features', folder), order: optionalPath(reader, 'order', folder) };
  }
  if (reader.has('model')) return { kind: 'model', model: pathIn(reader, 'model', folder) };
  const tfidf = reader.object('tfidf');
  tfidf.only('minCount', 'maxWords');
  return { kind: 'tfidf', minCount: tfidf.count('minCount', 4), maxWords: tfidf.count('maxWords', 2000) };
}

type Views = readonly [x: ViewConfig, y: ViewConfig];

function files(reader: ConfigReader, [x, y]: Views): FilesConfig {
  if (x.kind === 'features' && y.kind === 'features' && x.order === undefined && y.order === undefined) {
    return { files: [x.rows, y.rows], holdOut: atLeast(0, reader, 'holdOut', 0) };
  }
  throw unfit(reader, "features without order as x and y where there is no 'data'", [x, y]);
}

function captioned(reader: ConfigReader, [x, y]: Views, folder: string): CaptionedConfig {
  const data = reader.object('data');
  data.only('captions', 'images', 'train', 'test');
  const images = x.kind === 'features' && x.order !== undefined ? { rows: x.rows, order: x.order } : x;
  if (('kind' in images && images.kind !== 'model') || y.kind === 'features') {
    throw unfit(reader, 'x of images (features with order, or model) and y of captions (tfidf or model)', [x, y]);
  }
  return {
    captions: pathIn(data, 'captions', folder),
    images: optionalPath(data, 'images', folder),
    train: data.string('train', 'train'),
    ...(data.has('test') && { test: data.string('test') }),
    x: images,
    y: y.kind === 'model' ? y : { tfidf: y },
  };
}

function unfit({ where }: ConfigReader, expected: string, [x, y]: Views): EmbeddingError {
  return new EmbeddingError('CONFIG_INVALID', { where, expected, got: `${x.kind} as x and ${y.kind} as y` });
}

function ridgeOf(reader: ConfigReader): readonly [number, number] {
  const found = reader.value('ridge') ?? 0.1;
  const both = Array.isArray(found) ? (found as unknown[]) : [found, found];
  if (both.length === 2 && both.every((part) => typeof part === 'number' && part >= 0)) return both as [number, number];
  const got = JSON.stringify(found);
  throw new EmbeddingError('CONFIG_INVALID', {
    where: `${reader.where}: ridge`,
    expected: 'a number of at least 0, or two',
    got,
  });
}
