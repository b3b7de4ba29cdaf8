import { readdir } from 'node:fs/promises';
import { emoji } from '@diptych/model-emoji';
import { exactSearch } from '@diptych/retrieval';
import { open } from 'diptych';

const space = await open(emoji);
const names = await readdir('photos');
const images = await space.embed(
  'image',
  names.map((name) => `photos/${name}`),
);

const search = exactSearch(images);
for (const words of ['Rakete', 'Hund', 'vélo']) {
  const [hits] = search(await space.embed('text', words), 1);
  console.log(words, '→', names[hits?.[0]?.row ?? -1]);
}
space.dispose();
