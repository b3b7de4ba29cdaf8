import { emoji } from '@diptych/model-emoji';
import { open } from 'diptych';
import { createEmbedder } from 'diptych/worker';

/**
 * What a user writes first, the same in Node and in a page: `model` and `picture` are paths or URLs. Then the same in a worker,
 * and with a model that comes as a package, its weights beside its code.
 */
export async function embedBoth(model, picture, worker = true) {
  const { text, image } = await embed(await open(model), picture);
  const inWorker = await embed(await createEmbedder({ model, worker }), picture);
  const packaged = await embed(await open(emoji), picture);
  return {
    text,
    image,
    'text in a worker': inWorker.text,
    'image in a worker': inWorker.image,
    'text of emoji': packaged.text,
    'image of emoji': packaged.image,
  };
}

async function embed(space, picture) {
  const text = await space.embed('text', ['a cat']);
  const image = await space.embed('image', [picture]);
  space[Symbol.dispose]();
  return { text: [...text.data], image: [...image.data] };
}
