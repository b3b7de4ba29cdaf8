import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hub } from '@diptych/files/node';
import { describe, expect, it } from 'vitest';
import { paths, withFolder } from './hub-folder.ts';
import { sendPart, sendWeights, sha256, weights, withHub, type FakeHub } from './hub-server.ts';

const half = 200_000;
const blobs = 'models--org--model/blobs';
const file = 'model.safetensors';

const both = async (body: (server: FakeHub, cacheFolder: string) => Promise<void>) =>
  withFolder(async (cacheFolder) => withHub(async (server) => body(server, cacheFolder)));

/** Another process that downloads the weights, and prints the bytes that it has. */
function download(endpoint: string, cacheFolder: string): ChildProcess {
  const script = fileURLToPath(new URL('hub-child.ts', import.meta.url));
  const options = ['--conditions=@diptych/source', '--import', 'tsx', script, endpoint, cacheFolder];
  return spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** What is kept afterwards is the weights, once, and no rest of a download. */
async function expectWhole(cacheFolder: string): Promise<void> {
  const kept = await paths(join(cacheFolder, blobs));
  expect(kept).toEqual([sha256(weights)]);
  expect(sha256(await readFile(join(cacheFolder, blobs, kept[0]!)))).toBe(kept[0]);
}

describe('a download that breaks off', () => {
  it('is a NETWORK error, and the next one continues it', async () => {
    await both(async (server, cacheFolder) => {
      const { endpoint } = server;
      server.send = sendPart(half, (response) => response.destroy());
      await expect(hub('org/model', { endpoint, cacheFolder }).open(file)).rejects.toMatchObject({ code: 'NETWORK' });
      server.send = sendWeights;
      const seen: number[] = [];
      await hub('org/model', { endpoint, cacheFolder, onProgress: ({ done }) => seen.push(done) }).open(file);
      const from = Number(/^bytes=(\d+)-$/.exec(server.requests.at(-1)!.range!)![1]);
      expect(from).toBeGreaterThan(0);
      expect(from).toBeLessThanOrEqual(half);
      expect(seen[0]).toBeGreaterThan(from);
      await expectWhole(cacheFolder);
    });
  });

  it('by a signal rejects with its reason, and the next one continues it', async () => {
    await both(async (server, cacheFolder) => {
      const { endpoint } = server;
      const controller = new AbortController();
      const reason = new Error('enough');
      server.send = sendPart(half, () => undefined);
      const options = { endpoint, cacheFolder, onProgress: () => controller.abort(reason) };
      await expect(hub('org/model', options).open(file, controller.signal)).rejects.toBe(reason);
      server.send = sendWeights;
      await hub('org/model', { endpoint, cacheFolder }).open(file);
      expect(server.requests.at(-1)?.range).toMatch(/^bytes=[1-9]/);
      await expectWhole(cacheFolder);
    });
  });

  it('by kill -9 is continued by the next process', async () => {
    await both(async (server, cacheFolder) => {
      server.send = sendPart(half, () => undefined);
      const child = download(server.endpoint, cacheFolder);
      await once(child.stdout!, 'data');
      child.kill('SIGKILL');
      await once(child, 'exit');
      expect(await paths(join(cacheFolder, blobs))).toEqual([expect.stringMatching(/\.incomplete$/)]);
      server.send = sendWeights;
      await hub('org/model', { endpoint: server.endpoint, cacheFolder }).open(file);
      expect(server.requests.at(-1)?.range).toMatch(/^bytes=[1-9]/);
      await expectWhole(cacheFolder);
    });
  });

  it('begins anew where the server does not continue', async () => {
    await both(async (server, cacheFolder) => {
      const { endpoint } = server;
      server.send = sendPart(half, (response) => response.destroy());
      await expect(hub('org/model', { endpoint, cacheFolder }).open(file)).rejects.toMatchObject({ code: 'NETWORK' });
      server.send = (_request, response) => response.end(weights);
      await hub('org/model', { endpoint, cacheFolder }).open(file);
      await expectWhole(cacheFolder);
    });
  });

  it('begins anew where the server answers 416', async () => {
    await both(async (server, cacheFolder) => {
      const { endpoint } = server;
      server.send = sendPart(half, (response) => response.destroy());
      await expect(hub('org/model', { endpoint, cacheFolder }).open(file)).rejects.toMatchObject({ code: 'NETWORK' });
      server.send = (request, response) =>
        request.headers.range ? response.writeHead(416).end() : response.end(weights);
      await hub('org/model', { endpoint, cacheFolder }).open(file);
      await expectWhole(cacheFolder);
    });
  });
});

describe('a download that is not what the hub lists', () => {
  const flipped = weights.slice();
  flipped[1000]! ^= 1;
  it.each([
    ['another content', flipped],
    ['more bytes', new Uint8Array([...weights, 0])],
    ['fewer bytes', weights.slice(0, -1)],
  ])('%s: keeps nothing under the name of the file', async (_problem, sent) => {
    await both(async (server, cacheFolder) => {
      const { endpoint } = server;
      server.send = (_request, response) => response.end(sent);
      await expect(hub('org/model', { endpoint, cacheFolder }).open(file)).rejects.toMatchObject({
        code: 'NETWORK',
        message: expect.stringContaining(file),
      });
      const kept = await paths(join(cacheFolder));
      expect(kept.filter((path) => !path.endsWith('.incomplete'))).toEqual([]);
      server.send = sendWeights;
      await hub('org/model', { endpoint, cacheFolder }).open(file);
      await expectWhole(cacheFolder);
    });
  });

  it('a kept file that lost bytes is downloaded again', async () => {
    await both(async ({ endpoint }, cacheFolder) => {
      await hub('org/model', { endpoint, cacheFolder }).open(file);
      await writeFile(join(cacheFolder, blobs, sha256(weights)), weights.slice(0, half));
      await hub('org/model', { endpoint, cacheFolder }).open(file);
      await expectWhole(cacheFolder);
    });
  });
});

describe('two processes', () => {
  it('download the same file at once, and both hold it', async () => {
    await both(async (server, cacheFolder) => {
      const waiting: (() => void)[] = [];
      server.send = (request, response) => {
        waiting.push(() => sendWeights(request, response));
        if (waiting.length === 2) for (const go of waiting) go();
      };
      const children = [download(server.endpoint, cacheFolder), download(server.endpoint, cacheFolder)];
      const printed = await Promise.all(children.map(async ({ stdout }) => (await stdout!.toArray()).join('')));
      for (const text of printed) expect(text).toContain(`size ${weights.length}`);
      await expectWhole(cacheFolder);
    });
  });

  it('leaves a download of another tool alone', async () => {
    await both(async ({ endpoint }, cacheFolder) => {
      const foreign = join(cacheFolder, blobs, `${sha256(weights)}.incomplete`);
      await mkdir(join(cacheFolder, blobs), { recursive: true });
      await writeFile(foreign, 'half');
      await hub('org/model', { endpoint, cacheFolder }).open(file);
      expect(await readFile(foreign, 'utf8')).toBe('half');
    });
  });
});
