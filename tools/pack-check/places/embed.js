import { emoji } from '@diptych/model-emoji';
import { open } from 'diptych';

/** What every place has to give, written as a user writes it. `picture` is a path, an address or a `Blob`. */
export async function embed(picture, model = emoji) {
  const start = performance.now();
  const space = await open(model);
  const text = await space.embed('text', ['a red apple']);
  const image = await space.embed('image', [picture]);
  const { name, threads, missing } = space.backend;
  space[Symbol.dispose]();
  const seconds = (performance.now() - start) / 1000;
  return { text: [...text.data], image: [...image.data], backend: name, threads, missing, seconds };
}
