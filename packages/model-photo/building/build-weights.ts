// Writes the weights of the model. The same bytes come out each time, of the same versions of the packages.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { useBackend } from '@diptych/backend-wasm';
import { encodeSafetensors, quantized } from '@diptych/checkpoint';
import type { StoredTensor } from '@diptych/core';
import { modelType } from '../src/config.ts';
import { config } from '../src/weights/config.ts';
import { Affinities } from './affinities.ts';
import { palette } from './colour-words.ts';
import { commonSpace } from './common-space.ts';
import { imageClasses } from './image-classes.ts';
import { photoNetwork } from './photo-network.ts';
import { recipe } from './recipe.ts';
import { vocabularyOf } from './vocabulary.ts';
import { wordRows } from './word-rows.ts';
import { WordVectors } from './word-vectors.ts';
import { WordNet } from './wordnet.ts';

const root = join(import.meta.dirname, '..');
const { values: options } = parseArgs({
  options: {
    network: { type: 'string', default: join(root, '../../../shared/models/mobilenet_v1_0.75_224_tfjs') },
    out: { type: 'string', default: join(root, 'src/weights') },
  },
});

/** By how much cosines are multiplied before a softmax over labels; of no training. */
const logitScale = 30;

await useBackend('cpu');
const wordnet = new WordNet();
const affinities = new Affinities(imageClasses(wordnet), new WordVectors(), wordnet);
const vocabulary = vocabularyOf(affinities, config.text.words);
console.log(`${vocabulary.length} words, the last of them ${vocabulary.slice(-3).join(', ')}`);
const rows = await wordRows(affinities, vocabulary);
const weights = vocabulary.map((word) => (1 + (affinities.vectors.rank(word) ?? Infinity)) ** -0.5);
const { words, seen } = commonSpace(rows, weights, config.dim);
const { classes, colours } = config.image;
const map = seen.map((value, at) => (at < classes * config.dim ? value : recipe.colourShare * value));
const network = await photoNetwork(options.network, config.image.alpha);

const bytes = encodeSafetensors([
  ...quantized('text.tokens', { shape: [vocabulary.length, config.dim], data: words }, 'rows'),
  ['text.vocabulary', textOf(vocabulary)],
  ...network.flatMap(([path, tensor]) => compact(`image.${path}`, tensor)),
  ['image.palette.weight', { shape: [3, colours], data: palette.weight }],
  ['image.palette.bias', { shape: [colours], data: palette.bias }],
  ...quantized('image.map.weight', { shape: [map.length / config.dim, config.dim], data: map }),
  ['logScale', { shape: [], data: Float32Array.of(Math.log(logitScale)) }],
]);
await mkdir(options.out, { recursive: true });
await writeFile(join(options.out, 'model.safetensors'), bytes);
await writeFile(
  join(options.out, 'config.json'),
  `${JSON.stringify({ model_type: modelType, ...config }, undefined, 2)}\n`,
);
console.log(`${bytes.length} bytes`);

function textOf(lines: readonly string[]): StoredTensor {
  const data = new TextEncoder().encode(lines.join('\n'));
  return { shape: [data.length], data };
}

/** Filters of single channels stay as they are: they are few, and each has a range of its own. */
function compact(path: string, tensor: StoredTensor): (readonly [string, StoredTensor])[] {
  return path.includes('depthwise') ? [[path, tensor]] : quantized(path, tensor);
}
