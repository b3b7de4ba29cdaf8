import { emoji } from '@diptych/model-emoji';
import { open } from 'diptych';

/**
 * What a user writes first, the same in Node and in a page: `model` and `picture` are paths or URLs. Then the same with
 * a model that comes as a package, its weights beside its code.
 */
export async function embedBoth(model, picture) {
  const { text, image } = await embed(model, picture);
  const packaged = await embed(emoji, picture);
  return { text, image, 'text of emoji': packaged.text, 'image of emoji': packaged.image };
}

async function embed(model, picture) {
  const space = await open(model);
  const text = await space.embed('text', ['a cat']);
  const image = await space.embed('image', [picture]);
  space[Symbol.dispose]();
  return { text: [...text.data], image: [...image.data] };
}
