import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { pictures } from '../samples/pictures.ts';
import { type Served, served } from './served.ts';

describe('the page as it is served', () => {
  let site: Served;
  beforeAll(async () => {
    site = await served(inject('built'));
  });
  afterAll(() => site.close());

  it('is isolated, and may ask nobody but its own origin', async () => {
    const { headers } = await fetch(site.url);
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp');
    expect(headers.get('content-security-policy')!.split('; ')).toEqual(
      expect.arrayContaining(["default-src 'none'", "connect-src 'self'", "worker-src 'self' blob:"]),
    );
    expect(headers.get('content-security-policy')).not.toMatch(/unsafe-inline|unsafe-eval'?$|https?:|\*/);
  });

  it('is at one address alone', async () => {
    expect((await fetch(new URL('/photos', site.url))).status).toBe(404);
    expect(await (await fetch(new URL('/models.html', site.url))).text()).not.toMatch(/Photos by words/);
  });

  it('asks the hub from the page of models alone, by its one name', async () => {
    const asks = async (path: string) => {
      const { headers } = await fetch(new URL(path, site.url));
      return /connect-src ([^;]*)/.exec(headers.get('content-security-policy')!)![1];
    };
    const hub = "'self' https://huggingface.co https://*.huggingface.co https://*.hf.co";
    expect(await asks('/models.html')).toBe(hub);
    for (const path of [
      '/',
      '/index.html',
      '/models',
      '/?/models.html',
      '/index.html#/models.html',
      '/x/models.html',
    ]) {
      expect(await asks(path)).toBe("'self'");
    }
  });

  it('has 24 samples, as WebP', async () => {
    expect(pictures.length).toBe(24);
    for (const path of ['samples/elephant.webp', 'samples/pizza-copy.webp', 'samples/snowy-mountain.webp']) {
      const response = await fetch(new URL(path, site.url));
      expect(response.headers.get('content-type')).toBe('image/webp');
      const bytes = new Uint8Array(await response.arrayBuffer());
      expect(new TextDecoder().decode(bytes.subarray(8, 12))).toBe('WEBP');
      expect(bytes.length).toBeLessThan(40_000);
    }
  });

  it.each(['/../package.json', '/..%2fpackage.json', '/%2e%2e/%2e%2e/etc/passwd', '/assets/..%5c..%5cpackage.json'])(
    'serves nothing outside its folder: %s',
    async (path) => {
      const { port } = new URL(site.url);
      const body = await new Promise<string>((resolve, reject) => {
        // As it is: fetch would resolve the dots.
        request({ host: '127.0.0.1', port, path }, (response) => {
          let text = '';
          response.on('data', (part: Buffer) => (text += part.toString())).on('end', () => resolve(text));
        })
          .on('error', reject)
          .end();
      });
      expect(body).not.toMatch(/"scripts"|root:/);
    },
  );

  it('shows no error in a browser, threads can share memory, and strangers cannot be asked', async () => {
    const page = await site.browser.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    await page.goto(site.url);
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(problems).toEqual([]);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    const asked = await page.evaluate(async () => {
      const answer = (address: string) => fetch(address).then(String, () => 'refused');
      const code = `const answer = ${String(answer)}; answer('https://example.com/?worker').then(postMessage)`;
      const worker = new Worker(URL.createObjectURL(new Blob([code])));
      const fromWorker = new Promise((resolve) => worker.addEventListener('message', ({ data }) => resolve(data)));
      return [await answer('https://example.com/?page'), await fromWorker];
    });
    expect(asked).toEqual(['refused', 'refused']);
    expect(problems.join()).toMatch(/Content Security Policy/);
    await page.close();
  });
});
