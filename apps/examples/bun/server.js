import { emoji } from '@diptych/model-emoji';
import { exactSearch } from '@diptych/retrieval';
import { Glob } from 'bun';
import { open } from 'diptych';

const space = await open(emoji);
const paths = [...new Glob('photos/*.png').scanSync('.')];
const search = exactSearch(await space.embed('image', paths));

const server = Bun.serve({
  async fetch(request) {
    const words = new URL(request.url).searchParams.get('words') ?? '';
    const [hits] = search(await space.embed('text', words), 3);
    return Response.json(hits.map(({ row, score }) => ({ path: paths[row], score })));
  },
});
console.log(`${server.url}?words=Hund`);
