import { open } from 'diptych';

/** What a user writes first, the same in Node and in a page: `model` and `picture` are paths or URLs. */
export async function embedBoth(model, picture) {
  const space = await open(model);
  const text = await space.embed('text', ['a cat']);
  const image = await space.embed('image', [picture]);
  space[Symbol.dispose]();
  return { text: [...text.data], image: [...image.data] };
}
