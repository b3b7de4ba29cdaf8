import { blobFiles } from '@diptych/files';
import type { Architecture, Tower } from '../../src/index.ts';
import { serveEmbedder } from '../../src/worker/serve-embedder.ts';
import { toy } from '../toy.ts';

/** The toy, busy for 20 ms with each batch. */
const slow: Architecture = {
  ...toy,
  async open(files, options) {
    const parts = await toy.open(files, options);
    if (!parts) return undefined;
    const busy = <Item>(tower: Tower<Item>): Tower<Item> => ({
      ...tower,
      encoder: {
        ...tower.encoder,
        forward(batch) {
          const end = performance.now() + 20;
          while (performance.now() < end);
          return tower.encoder.forward(batch);
        },
      },
    });
    return { ...parts, towers: { text: busy(parts.towers.text!), image: busy(parts.towers.image!) } };
  },
};
const files = blobFiles({ toy: new Blob([]) }, 'toy-model');
const models = { toy: { ...files, architecture: toy }, slow: { ...files, architecture: slow } };
serveEmbedder({ models, architectures: [toy] });
