import { emoji } from '@diptych/model-emoji';
import { type Embeddings, open } from 'diptych';

const files = document.querySelector<HTMLInputElement>('#files')!;
const words = document.querySelector<HTMLInputElement>('#words')!;
const found = document.querySelector<HTMLOListElement>('#found')!;

const opening = open(emoji);
let embedding: Promise<Embeddings> | undefined;

files.addEventListener('change', () => {
  embedding = opening.then((space) => space.embed('image', files.files!));
});
words.addEventListener('change', async () => {
  if (!embedding) return;
  const [space, images] = await Promise.all([opening, embedding]);
  const cosines = space.similarity(await space.embed('text', words.value), images);
  const order = [...cosines.keys()].toSorted((a, b) => cosines[b]! - cosines[a]!);
  found.replaceChildren(
    ...order.map((i) => {
      const item = document.createElement('li');
      item.textContent = `${files.files![i]!.name} ${cosines[i]!.toFixed(2)}`;
      return item;
    }),
  );
});
