import { open } from 'diptych';

// `servers-library.ts <folder> <batch size>`, forked: embeds as many images as each message says, batch after batch.
const [folder, size] = process.argv.slice(2) as [string, string];
const batchSize = Number(size);
const space = await open(folder);
let images: readonly Uint8Array[] = [];
process.on('message', async (message: { images: readonly Uint8Array[] } | { count: number }) => {
  if ('images' in message) ({ images } = message);
  else {
    for (let done = 0; done < message.count; done += batchSize) await space.embed('image', images, { batchSize });
  }
  process.send!('done');
});
process.on('disconnect', () => process.exit(0));
process.send!('ready');
