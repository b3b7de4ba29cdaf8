import type { Sample } from '@diptych/datasets';
import { expect, it } from 'vitest';
import { captionSplit, labelsOf } from '../src/caption-split.ts';

function sample(id: string, attributes?: Sample['attributes'], captions = ['one', 'two']): Sample {
  return { id, captions, image: async () => new Uint8Array(), ...(attributes && { attributes }) };
}

it('numbers labels in the order in which they are met, text and numbers alike', () => {
  const split = captionSplit(
    [sample('a', { breed: 'pug' }), sample('b', { breed: 7 }), sample('c', { breed: 'pug' }, ['three'])],
    'breed',
  );
  expect(split.labels).toEqual({ names: ['pug', '7'], of: Int32Array.of(0, 1, 0) });
  expect(labelsOf(split, Uint32Array.of(4, 2, 0))).toEqual(Int32Array.of(0, 1, 0));
});

it('without labels every image has its own', () => {
  const split = captionSplit([sample('a'), sample('b')]);
  expect(split.labels).toBeUndefined();
  expect(labelsOf(split, Uint32Array.of(3, 0))).toEqual(Int32Array.of(1, 0));
});

it.each([
  ['b: breed: expected a label as text or a number, got none', { id: 3 }],
  ['b: breed: expected a label as text or a number, got none', { breed: null }],
  ['b: breed: expected a label as text or a number, got ["pug"]', { breed: ['pug'] }],
])('names the image without a label: %s', (message, attributes) => {
  expect(() => captionSplit([sample('a', { breed: 'pug' }), sample('b', attributes)], 'breed')).toThrow(
    expect.objectContaining({ code: 'INPUT_INVALID', message }),
  );
});
