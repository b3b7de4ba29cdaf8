import { cp, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Cca } from '@diptych/alignment';
import { linearAlgebra } from '@diptych/backend-wasm/algebra';
import { encodeSafetensors } from '@diptych/checkpoint';
import { captionData } from '@diptych/datasets/node';
import { expectMembers, type LinearAlgebra } from '@diptych/core';
import { reportFiles } from '@diptych/evaluation/report';
import { beside } from '@diptych/files/node';
import { type Aligned, type AlignmentFacts, alignPairs, type AlignWarning } from '../align/align-pairs.ts';
import { alignedArrays, alignedConfig } from '../align/aligned-model.ts';
import { captionedPairs, type ImageView, type TextView } from '../align/captioned-pairs.ts';
import type { PairSource } from '../align/pair-source.ts';
import { captionSplit } from '../caption-split.ts';
import type { Embedder, OpenEmbedder } from '../embedder.ts';
import { type AlignConfig, alignConfig, type CaptionedConfig } from './align-config.ts';
import { cachedOpen } from './cached-embedder.ts';
import { filePairs } from './file-pairs.ts';
import { readConfig } from './read-config.ts';
import { storedFeatures } from './stored-features.ts';

export interface AlignFileOptions {
  /** Folder for the projections, the facts and the report. */
  readonly output: string;
  /** What a `model` is opened by, as `open` of `diptych`. */
  readonly open: OpenEmbedder;
  /** Folder in which runs share what models give of each image and text. Default none. */
  readonly featureCache?: string | undefined;
  readonly signal?: AbortSignal;
  /** Pairs that were read, of all. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** What `alignFile` found; `facts` is `alignment.json`. */
export interface AlignedFile {
  readonly facts: AlignmentFacts;
  readonly warnings: readonly AlignWarning[];
}

/**
 * Finds the directions in which two views correlate most, as a file says, and writes them, and how well they serve, into a
 * folder: what `diptych align` does.
 *
 * @param path Of a JSON file; the README of `@diptych/cli` lists its fields.
 * @throws {EmbeddingError} `CONFIG_INVALID` or `NOT_FOUND` with the field; `SHAPE_MISMATCH` where views do not pair.
 */
export async function alignFile(path: string, options: AlignFileOptions): Promise<AlignedFile> {
  expectMembers(options, 'alignFile: options', 'output', 'open');
  const { output, featureCache, signal, onProgress } = options;
  const open = featureCache === undefined ? options.open : cachedOpen(options.open, featureCache);
  const config = alignConfig(await readConfig(path));
  const algebra = await linearAlgebra();
  using models = modelsOf(open, signal);
  const source = await pairsOf(config, models, { algebra, signal });
  const title = basename(path);
  const aligned = await alignPairs(source, { ...config, title, algebra, signal, onProgress });
  const { found, report, facts, warnings } = aligned;
  await beside(resolve(output), async (partial) => {
    await writeFile(join(partial, 'projections.safetensors'), projections(found, config, source.words?.words));
    for (const [name, text] of report ? Object.entries(reportFiles(report)) : []) {
      await writeFile(join(partial, name), text);
    }
    await writeFile(join(partial, 'alignment.json'), `${JSON.stringify(facts)}\n`);
    if ('captions' in config.views) await writeAligned(partial, aligned, { ...config, views: config.views, ...source });
  });
  return { facts, warnings };
}

interface AlignedParts extends Pick<PairSource, 'words'>, Pick<AlignConfig, 'power'> {
  readonly views: CaptionedConfig;
}

/** What `open` of `diptych` opens, with copies of the models that gave the rows. */
async function writeAligned(folder: string, aligned: Aligned, { views: { x, y }, words, power }: AlignedParts) {
  const kind = words ? 'tfidf' : 'features';
  if (words) await writeFile(join(folder, 'vocab.json'), `${JSON.stringify(words)}\n`);
  const [images, texts] = [x, y].map((view) => ('model' in view ? view.model : undefined));
  const copied = {
    ...(images !== undefined && { backbone: images }),
    ...(texts !== images && { 'text-backbone': texts }),
  };
  for (const [name, from] of Object.entries(copied)) {
    if (from !== undefined) await cp(from, join(folder, name), { recursive: true, dereference: true });
  }
  const weights = encodeSafetensors(alignedArrays(aligned.found, { power }), { format: 'diptych' });
  await writeFile(join(folder, 'model.safetensors'), weights);
  await writeFile(join(folder, 'config.json'), `${JSON.stringify(alignedConfig(aligned, kind))}\n`);
}

/** Models by their folders, each opened once. */
interface Models extends Disposable {
  readonly at: (folder: string) => Promise<Embedder>;
}

function modelsOf(open: OpenEmbedder, signal?: AbortSignal): Models {
  const opened = new Map<string, Embedder>();
  return {
    async at(folder) {
      const model = opened.get(folder) ?? (await open(folder, { signal }));
      opened.set(folder, model);
      return model;
    },
    [Symbol.dispose]: () => opened.forEach((model) => model[Symbol.dispose]()),
  };
}

interface PairsOptions {
  readonly algebra: LinearAlgebra | undefined;
  readonly signal: AbortSignal | undefined;
}

async function pairsOf({ views }: AlignConfig, models: Models, options: PairsOptions): Promise<PairSource> {
  if ('files' in views) return filePairs(views.files, { holdOut: views.holdOut, ...options });
  const { x, y, captions, images, train, test } = views;
  const { signal } = options;
  const checkImages = 'model' in x;
  const read = async (split: string) =>
    captionSplit(await captionData(captions, { images, split, signal, checkImages }));
  const splits = { train: await read(train), ...(test !== undefined && { test: await read(test) }) };
  const imageView: ImageView =
    'model' in x ? { model: await models.at(x.model) } : { features: await storedFeatures(x.rows, x.order, signal) };
  const textView: TextView = 'model' in y ? { model: await models.at(y.model) } : y;
  return captionedPairs([imageView, textView], { ...splits, ...options });
}

/** Means and weights of both views, and the correlations; a row projects to `(row - mean) · weights`. */
function projections({ values, x, y }: Cca, { ridge, power }: AlignConfig, words?: readonly string[]): Uint8Array {
  const views = Object.entries({ x, y }).flatMap(([name, { mean, weights }]) => [
    [`${name}.mean`, { shape: [mean.length], data: mean }] as const,
    [`${name}.weights`, weights] as const,
  ]);
  const notes = { format: 'diptych-cca', ridge: JSON.stringify(ridge), power: String(power) };
  return encodeSafetensors([...views, ['values', { shape: [values.length], data: values }]], {
    ...notes,
    ...(words && { words: JSON.stringify(words) }),
  });
}
