import { configReader, type ConfigReader, EmbeddingError, isObject, type Json, quote } from '@diptych/core';
import { atLeast } from '../at-least.ts';
import { augmentConfig, type Augmentation } from '../augment/augmentation.ts';
import { optionalPath, pathIn } from './read-config.ts';

/** A further set. */
interface MoreData {
  readonly captions: string;
  readonly images: string | undefined;
  readonly train: string;
  readonly weight: number;
}

/** Where the data of a training are. Paths are whole, and there. */
export interface DataConfig {
  readonly captions: string;
  readonly images?: string;
  readonly train: string;
  /** Other sets to learn from, and how often the captions of the first and of these come in an epoch. */
  readonly mixed?: { readonly weight: number; readonly more: readonly MoreData[] };
  readonly validation?: string;
  /** A `.npy` file with a row for each image, and a JSON list of their names in its order. */
  readonly features?: { readonly rows: string; readonly order: string };
  /** Column with the label of each image. */
  readonly labels?: string;
  /** Folder of the network that gives the features. */
  readonly backbone?: string;
  /** What happens to an image each time it is learnt from. */
  readonly augment?: Augmentation;
}

/** @throws {EmbeddingError} `CONFIG_INVALID` or `NOT_FOUND` with the path of the field. */
export function dataConfig(reader: ConfigReader, folder: string): DataConfig {
  reader.only(
    'captions',
    'images',
    'train',
    'validation',
    'features',
    'order',
    'labels',
    'backbone',
    'augment',
    'weight',
    'more',
  );
  const rows = optionalPath(reader, 'features', folder);
  return {
    captions: pathIn(reader, 'captions', folder),
    images: optionalPath(reader, 'images', folder),
    train: reader.string('train', 'train'),
    validation: reader.has('validation') ? reader.string('validation') : undefined,
    ...(rows !== undefined && { features: { rows, order: pathIn(reader, 'order', folder) } }),
    ...((reader.has('more') || reader.has('weight')) && { mixed: mixedConfig(reader, folder) }),
    ...(reader.has('labels') && { labels: reader.string('labels') }),
    backbone: optionalPath(reader, 'backbone', folder),
    ...(reader.has('augment') && { augment: augmentConfig(withPixels(reader).object('augment')) }),
  };
}

/** @throws {EmbeddingError} `CONFIG_INVALID` where features are read and no images. */
function withPixels(reader: ConfigReader): ConfigReader {
  const field = ['features', 'backbone'].find((name) => reader.has(name));
  if (field === undefined) return reader;
  const expected = `none with '${field}', whose rows are made once`;
  throw new EmbeddingError('CONFIG_INVALID', { where: `${reader.where}: augment`, expected, got: 'one' });
}

function mixedConfig(reader: ConfigReader, folder: string): DataConfig['mixed'] {
  const more = reader.value('more') ?? [];
  if (!Array.isArray(more)) {
    throw new EmbeddingError('CONFIG_INVALID', {
      where: `${reader.where}: more`,
      expected: 'a list of sets',
      got: quote(more),
    });
  }
  const sets = more.map((one: unknown, i): MoreData => {
    const set = configReader(expectObject(one, `${reader.where}: more[${i}]`), `${reader.where}: more[${i}]`);
    set.only('captions', 'images', 'train', 'weight');
    return {
      captions: pathIn(set, 'captions', folder),
      images: optionalPath(set, 'images', folder),
      train: set.string('train', 'train'),
      weight: atLeast(0, set, 'weight', 1),
    };
  });
  return { weight: atLeast(0, reader, 'weight', 1), more: sets };
}

function expectObject(value: unknown, where: string): Json {
  if (isObject(value)) return value;
  throw new EmbeddingError('CONFIG_INVALID', { where, expected: 'an object', got: quote(value) });
}
