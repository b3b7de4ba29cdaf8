import { emoji } from '@diptych/model-emoji';
import { exactSearch } from '@diptych/retrieval';
import { open } from 'diptych';

const space = await open(emoji);
const names = Array.from(Deno.readDirSync('photos'), ({ name }) => name);
const images = await space.embed(
  'image',
  names.map((name) => `photos/${name}`),
);
const search = exactSearch(images);

Deno.serve({ port: Number(Deno.env.get('PORT') ?? 8000) }, async (request) => {
  const words = new URL(request.url).searchParams.get('words') ?? '';
  const [hits] = search(await space.embed('text', words), 3);
  return Response.json(hits.map(({ row, score }) => ({ name: names[row], score })));
});
