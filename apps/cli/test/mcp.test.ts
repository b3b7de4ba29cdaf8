import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect, it, onTestFinished } from 'vitest';
import { programArgs } from './spawn-cli.ts';
import { colours, colourWorkspace, plainImage } from './workspace.ts';

/** The official client, whose server is a process of its own over a folder of plain images. */
async function connected(...photos: (keyof typeof colours)[]) {
  const { folder, root, modelArgs } = await colourWorkspace(photos);
  const program = programArgs(['mcp', ...modelArgs, '--images', folder]);
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(new StdioClientTransport({ command: process.execPath, args: program, stderr: 'inherit' }));
  onTestFinished(async () => client.close());
  const call = async (name: string, args: Record<string, unknown> = {}) => client.callTool({ name, arguments: args });
  return { client, call, folder, root };
}

it('tells its tools', async () => {
  const { client } = await connected('red', 'green');
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual(['search_images', 'classify_image', 'embed', 'update_index']);
  expect(tools[0]!.description).toContain('2 images are known');
  expect(client.getServerVersion()).toMatchObject({ name: 'diptych' });
});

it('finds images by text, by one of them, and by one that is sent', async () => {
  const { call, folder } = await connected('red', 'green', 'yellow');
  const score = expect.closeTo(Math.SQRT1_2, 6) as number;
  const found = await call('search_images', { text: 'a red', top_k: 2 });
  const hits = [
    { path: join(folder, 'red.png'), score: 1 },
    { path: join(folder, 'yellow.png'), score },
  ];
  expect(found.structuredContent).toEqual({ hits });
  expect(JSON.parse((found.content as { text: string }[])[0]!.text)).toEqual({ hits });
  const like = await call('search_images', { image: join(folder, 'green.png'), top_k: 1 });
  expect(like.structuredContent).toEqual({ hits: [{ path: join(folder, 'green.png'), score: 1 }] });
  const both = await call('search_images', { text: 'yellow - red', image: join(folder, 'green.png'), top_k: 1 });
  expect(both.structuredContent).toMatchObject({ hits: [{ path: join(folder, 'green.png') }] });
  const bytes = await readFile(join(folder, 'yellow.png'));
  const sent = await call('search_images', { image: `data:image/png;base64,${bytes.toString('base64')}`, top_k: 1 });
  expect(sent.structuredContent).toEqual({
    hits: [{ path: join(folder, 'yellow.png'), score: expect.closeTo(1, 6) as number }],
  });
});

it('classifies and embeds', async () => {
  const { call, folder } = await connected('red', 'blue');
  const classified = await call('classify_image', { image: join(folder, 'blue.png'), labels: ['red', 'blue'] });
  const { predictions } = classified.structuredContent as { predictions: { label: string; score: number }[] };
  expect(predictions.map(({ label }) => label)).toEqual(['blue', 'red']);
  const embedded = await call('embed', { texts: ['red'], images: [join(folder, 'red.png')] });
  const { texts, images } = embedded.structuredContent as Record<'texts' | 'images', number[][]>;
  expect(texts).toEqual(images);
});

it('sees new images when it is asked to look', async () => {
  const { call, folder } = await connected('red');
  await plainImage(join(folder, 'green.png'), colours.green);
  expect((await call('update_index')).structuredContent).toEqual({ images: 2 });
  const found = await call('search_images', { text: 'green', top_k: 1 });
  expect(found.structuredContent).toEqual({ hits: [{ path: join(folder, 'green.png'), score: 1 }] });
});

it('reads no other file and no address, and says what is wrong with a question', async () => {
  const { call, root } = await connected('red');
  await plainImage(join(root, 'private.png'), colours.blue);
  for (const image of [join(root, 'private.png'), '/etc/passwd', 'http://127.0.0.1/x.png', 'file:///etc/passwd']) {
    const refused = await call('search_images', { image });
    expect(refused.isError).toBe(true);
    expect(JSON.stringify(refused.content)).toContain('expected the path of an image that is searched');
  }
  const neither = await call('search_images');
  expect(JSON.stringify(neither)).toContain('expected a text or an image, got neither');
});
