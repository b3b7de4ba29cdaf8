import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright';
import { createServer, defaultClientConditions } from 'vite';
import { expect, it, onTestFinished } from 'vitest';

it('IndexedDB, whose browser is killed while it writes, keeps whole calls and all acknowledged', async () => {
  const profile = await mkdtemp(join(tmpdir(), 'diptych-killed-'));
  onTestFinished(() => rm(profile, { recursive: true, force: true, maxRetries: 5 }));
  const address = await serve();
  let acknowledged = 0;
  for (const calls of [1, 4, 9]) {
    const { browser, page } = await openPage(profile, address);
    const seen = new Promise<void>((resolve) => {
      let said = 0;
      page.on('console', (message) => {
        const [, number] = /^acknowledged (\d+)$/.exec(message.text()) ?? [];
        if (number === undefined) return;
        acknowledged = Number(number);
        if (++said === calls) resolve();
      });
    });
    const writing = page.evaluate(`import('/page.ts').then(({ write }) => write())`).catch(() => undefined);
    await seen;
    await kill(browser);
    await writing;

    const again = await openPage(profile, address);
    const { recovered, rows } = await again.page.evaluate<{ recovered: number; rows: number[] }>(
      `import('/page.ts').then(({ read }) => read())`,
    );
    await kill(again.browser);
    expect(rows).toEqual(Array.from({ length: recovered }, (_, i) => i));
    expect(recovered % 3, 'a call is stored whole').toBe(0);
    expect(recovered).toBeGreaterThanOrEqual(acknowledged);
  }
  expect(acknowledged).toBeGreaterThanOrEqual(3 * 14);
});

async function serve(): Promise<string> {
  const server = await createServer({
    root: fileURLToPath(new URL('killed-page', import.meta.url)),
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['@diptych/source', ...defaultClientConditions] },
    optimizeDeps: { noDiscovery: true },
    server: { port: 0, hmr: false, fs: { allow: [fileURLToPath(new URL('../../../..', import.meta.url))] } },
  });
  await server.listen();
  onTestFinished(() => server.close());
  return server.resolvedUrls!.local[0]!;
}

/** A page in a browser of its own process group, whose storage is in `profile`. */
async function openPage(profile: string, address: string): Promise<{ browser: ChildProcess; page: Page }> {
  const dataDir = `--user-data-dir=${profile}`;
  const browser = spawn(
    process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    [...'--headless=new --no-sandbox --disable-gpu --no-first-run --remote-debugging-port=0'.split(' '), dataDir],
    { stdio: ['ignore', 'ignore', 'pipe'], detached: true },
  );
  onTestFinished(() => kill(browser));
  for await (const line of createInterface(browser.stderr)) {
    const [, endpoint] = /^DevTools listening on (ws:.*)$/.exec(line) ?? [];
    if (endpoint === undefined) continue;
    browser.stderr.resume();
    const [context] = (await chromium.connectOverCDP(endpoint)).contexts();
    const page = await context!.newPage();
    await page.goto(address);
    return { browser, page };
  }
  throw new Error('Chromium ended before it listened');
}

/** All its processes at once, as `kill -9`. */
async function kill(browser: ChildProcess): Promise<void> {
  if (browser.exitCode !== null || browser.signalCode !== null) return;
  const ended = once(browser, 'exit');
  process.kill(-browser.pid!, 'SIGKILL');
  await ended;
}
