import { readdir } from 'node:fs/promises';
import { emoji } from '@diptych/model-emoji';
import { exactSearch } from '@diptych/retrieval';
import { open } from 'diptych';

/** Once for each process of the server. */
let opening;

async function openOnce() {
  const space = await open(emoji);
  const names = await readdir('public/photos');
  const images = await space.embed(
    'image',
    names.map((name) => `public/photos/${name}`),
  );
  return { space, names, search: exactSearch(images) };
}

/** Names of the pictures, the nearest to the words first. */
export async function find(words) {
  const { space, names, search } = await (opening ??= openOnce());
  const [hits] = search(await space.embed('text', words), names.length);
  return hits.map(({ row }) => names[row]);
}
