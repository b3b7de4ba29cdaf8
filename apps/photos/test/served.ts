import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type Browser, chromium, type Page, type Response } from 'playwright';
import { build, defaultClientConditions, preview, type PreviewServer } from 'vite';

/** The page as it is built, served as `pnpm photos` does, and a browser. */
export interface Served {
  readonly url: string;
  readonly browser: Browser;
  readonly server: PreviewServer;
  readonly outDir: string;
  close(): Promise<void>;
}

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * @param outDir Where the page is built: `inject('built')` in tests.
 * @param sendsHeaders False for a server that knows nothing of the page's policy.
 */
export async function served(outDir: string, sendsHeaders = true): Promise<Served> {
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  const config = sendsHeaders ? {} : ({ configFile: false } as const);
  const server = await preview({ ...config, root, logLevel: 'warn', build: { outDir }, preview: { port: 0 } });
  return {
    url: server.resolvedUrls!.local[0]!,
    browser,
    server,
    outDir,
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

/** Fills the browser of a page with photos that nobody took, by the page's own engine, and shows it anew. */
export async function fill(page: Page, { outDir }: Served, count: number): Promise<void> {
  await build({
    root,
    base: './',
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    resolve: { conditions: ['@diptych/source', ...defaultClientConditions] },
    worker: { format: 'es' },
    build: {
      outDir: join(outDir, 'filling'),
      assetsInlineLimit: 0,
      rolldownOptions: {
        input: join(root, 'test/harness/fill.ts'),
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: 'fill.js' },
      },
    },
  });
  // As text: what is imported is of the page, and not of the test.
  const url = new URL('filling/fill.js', page.url()).href;
  await page.evaluate(`import('${url}').then(({ fill }) => fill(${count}))`);
  await page.reload();
}

/** What a first visit loads until its model is open but for the model itself, in bytes as servers compress them. */
export async function bytesBeforeModel(page: Page, url: string): Promise<number> {
  const sizes: Promise<number>[] = [];
  const onResponse = (response: Response) => {
    if (response.request().serviceWorker() || /\.(?:safetensors|bin|json)$/.test(response.url())) return;
    sizes.push(response.body().then((body) => gzipSync(body, { level: 9 }).length));
  };
  page.on('response', onResponse);
  await page.goto(url);
  await page.getByText('can be searched').waitFor({ timeout: 100_000 });
  page.off('response', onResponse);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
