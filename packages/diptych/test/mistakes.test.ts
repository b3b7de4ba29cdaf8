import { given } from '@diptych/golden';
import { it } from 'vitest';
import * as diptych from '../src/index.ts';
import { expectMistake, type Mistake, ofAnother, rows, wide } from './mistakes.ts';
import { openToy, plain } from './toy.ts';

const space = await openToy();
const gone = await openToy();
gone.dispose();
const files = diptych.blobFiles({}, 'empty');

const mistakes: Readonly<Record<string, Mistake>> = {
  'open: null as a source': [() => diptych.open(given(null)), 'INPUT_INVALID', 'model', 'an object with open', 'null'],
  'open: a number as a source': [() => diptych.open(given(5)), 'INPUT_INVALID', 'model', 'an object with open', '5'],
  'open: null as options': [
    () => diptych.open(files, given(null)),
    'INPUT_INVALID',
    'open: options',
    'an object',
    'null',
  ],
  'open: a type of transformers.js': [
    () => diptych.open(files, { dtype: given('fp32') }),
    'INPUT_INVALID',
    'dtype',
    'one of float32, int16, int8',
    "the string 'fp32'",
  ],
  'open: a type that there is not': [
    () => diptych.open(files, { dtype: given('float64') }),
    'INPUT_INVALID',
    'dtype',
    'one of float32, int16, int8',
    "the string 'float64'",
  ],
  'open: a revision of files on disk': [
    () => diptych.open('https://example.test/clip', { revision: 'main' }),
    'INPUT_INVALID',
    'https://example.test/clip',
    "a model of the hub for the revision 'main'",
    'a folder or URL',
  ],
  'open: files without a model': [
    () => diptych.open(files),
    'NOT_FOUND',
    'empty',
    'config.json, open_clip_config.json, modules.json or model.json',
    'none of them',
  ],
  'download: null as options': [
    () => diptych.download(files, given(null)),
    'INPUT_INVALID',
    'download: options',
    'an object',
    'null',
  ],
  'embed: null as items': [() => space.embed('text', given(null)), 'INPUT_INVALID', 'embed', 'a list of items', 'null'],
  'embed: a number as items': [() => space.embed('text', given(5)), 'INPUT_INVALID', 'embed', 'a list of items', '5'],
  'embed: null as options': [
    () => space.embed('text', ['a'], given(null)),
    'INPUT_INVALID',
    'embed: options',
    'an object',
    'null',
  ],
  'embed: a modality that it lacks': [
    () => space.embed('sound' as 'text', ['a']),
    'UNSUPPORTED',
    'toy-model',
    'one of its modalities (text, image)',
    "'sound'",
  ],
  'embed: null as an image': [
    () => space.embed('image', [given(null)]),
    'INPUT_INVALID',
    'image',
    'an address, a Blob, an ArrayBuffer or Uint8Array with a file, or pixels { data, width, height }',
    'null',
  ],
  'embed: a list in a list of images': [
    () => space.embed('image', [given([plain(1, 2, 3)])]),
    'INPUT_INVALID',
    'image',
    'an address, a Blob, an ArrayBuffer or Uint8Array with a file, or pixels { data, width, height }',
    'an array of 1',
  ],
  'embed: an empty address': [
    () => space.embed('image', ''),
    'INPUT_INVALID',
    'embed',
    'a list of items',
    "the string ''",
  ],
  'embed: bytes of no image': [
    () => space.embed('image', new Uint8Array(9)),
    'IMAGE_INVALID',
    'image of 9 bytes',
    'PNG, JPEG, WebP, GIF, AVIF, BMP or TIFF',
    'other bytes',
  ],
  'embed: a batch of none': [
    () => space.embed('text', ['a'], { batchSize: 0 }),
    'INPUT_INVALID',
    'batchSize',
    'a whole number of at least 1',
    '0',
  ],
  'embed: a batch of a half': [
    () => space.embed('text', ['a'], { batchSize: 0.5 }),
    'INPUT_INVALID',
    'batchSize',
    'a whole number of at least 1',
    '0.5',
  ],
  'embed: more components than there are': [
    () => space.embed('text', ['a'], { truncateDim: 4 }),
    'INPUT_INVALID',
    'truncateDim',
    'a whole number from 1 to 3',
    '4',
  ],
  'embed: a precision that there is not': [
    () => space.embed('text', ['a'], { precision: given('float16') }),
    'INPUT_INVALID',
    'embed: precision',
    'a precision of float32, int8, uint8, binary, ubinary',
    "the string 'float16'",
  ],
  'embed: a prompt that there is not': [
    () => space.embed('text', ['a'], { prompt: 'query' }),
    'INPUT_INVALID',
    'prompt',
    "one of its names (the model has none) or a text as 'query: '",
    '"query"',
  ],
  'embed: a prompt for images': [
    () => space.embed('image', plain(1, 2, 3), { prompt: 'query: ' }),
    'INPUT_INVALID',
    'prompt',
    'none for images',
    '"query: "',
  ],
  'embed: decoding of texts': [
    () => space.embed('text', ['a'], { decode: {} }),
    'INPUT_INVALID',
    'decode',
    'none for texts',
    '{}',
  ],
  'encode: null as a batch': [
    () => space.encode('text', given(null)),
    'INPUT_INVALID',
    'encode',
    'an object with shape',
    'null',
  ],
  'similarity: null as rows': [
    () => space.similarity(given(null), rows),
    'INPUT_INVALID',
    'similarity',
    'rows, { data, shape: [n, dim] }',
    'null',
  ],
  'similarity: rows of two widths': [
    () => space.similarity(rows, wide),
    'SHAPE_MISMATCH',
    'similarity',
    'both of dimension 2',
    '3',
  ],
  'similarity: rows of two models': [
    () => space.similarity(rows, ofAnother),
    'INPUT_INVALID',
    'similarity',
    'one model',
    "'m' and 'n'",
  ],
  'classify: a single label': [
    () => space.classify([], given('cat')),
    'INPUT_INVALID',
    'classify: labels',
    'a list of strings',
    "the string 'cat'",
  ],
  'classify: no labels': [
    () => space.classify([], []),
    'INPUT_INVALID',
    'classify: labels',
    'at least one, each once',
    'none',
  ],
  'classify: a label twice': [
    () => space.classify([], ['cat', 'dog', 'cat']),
    'INPUT_INVALID',
    'classify: labels',
    'at least one, each once',
    "'cat' twice",
  ],
  'classify: a number among labels': [
    () => space.classify([], ['cat', given(5)]),
    'INPUT_INVALID',
    'classify: labels[1]',
    'a string',
    '5',
  ],
  'classify: no templates': [
    () => space.classify([], ['cat'], { templates: [] }),
    'INPUT_INVALID',
    'templates',
    'at least one, each with {} for the class',
    'none',
  ],
  'classify: a template without {}': [
    () => space.classify([], ['cat'], { templates: ['a photo'] }),
    'INPUT_INVALID',
    'templates',
    'at least one, each with {} for the class',
    "'a photo'",
  ],
  'classify: null as options': [
    () => space.classify([], ['cat'], given(null)),
    'INPUT_INVALID',
    'classify: options',
    'an object',
    'null',
  ],
  'a space that has been disposed of': [
    () => gone.embed('text', ['a']),
    'DISPOSED',
    'toy-model',
    'a space in use',
    'one that has been disposed of',
  ],
  'configReader: null': [
    () => diptych.configReader(given(null), 'config.json'),
    'INPUT_INVALID',
    'config.json',
    'an object',
    'null',
  ],
};

it.each(Object.entries(mistakes))('%s', async (_, mistake) => {
  await expectMistake(mistake);
});
