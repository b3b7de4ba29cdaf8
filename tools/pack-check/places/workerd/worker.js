import { embed } from './embed.js';
import picture from './picture.png';
import { model, start } from './space.js';

export default {
  async fetch() {
    await start();
    return Response.json(await embed(new Blob([picture]), model));
  },
};
