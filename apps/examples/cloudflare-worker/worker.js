import { open } from 'diptych';
import { model, start } from './space.js';

const texts = ['red apple', 'bicycle', 'cat', 'dog', 'guitar', 'pizza', 'rocket', 'sunflower'];

/** Opened by the first request that an instance of the worker gets. */
let opening;

async function openOnce() {
  await start();
  const space = await open(model);
  return { space, rows: await space.embed('text', texts) };
}

export default {
  async fetch(request) {
    const { space, rows } = await (opening ??= openOnce());
    const words = new URL(request.url).searchParams.get('words') ?? '';
    const cosines = space.similarity(await space.embed('text', words), rows);
    const found = texts.map((text, i) => ({ text, cosine: cosines[i] }));
    return Response.json(found.toSorted((a, b) => b.cosine - a.cosine).slice(0, 3));
  },
};
