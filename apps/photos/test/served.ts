import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright';
import { build, preview, type PreviewServer } from 'vite';

/** The page as it is built, served as `pnpm photos` does, and a browser. */
export interface Served {
  readonly url: string;
  readonly browser: Browser;
  readonly server: PreviewServer;
  close(): Promise<void>;
}

/** @param sendsHeaders False for a server that knows nothing of the page's policy. */
export async function served(sendsHeaders = true): Promise<Served> {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const outDir = await mkdtemp(join(tmpdir(), 'photos-'));
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  await build({ root, logLevel: 'warn', build: { outDir } });
  const config = sendsHeaders ? {} : ({ configFile: false } as const);
  const server = await preview({ ...config, root, logLevel: 'warn', build: { outDir }, preview: { port: 0 } });
  return {
    url: server.resolvedUrls!.local[0]!,
    browser,
    server,
    async close() {
      await browser.close();
      await server.close();
      await rm(outDir, { recursive: true });
    },
  };
}
