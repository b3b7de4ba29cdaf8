import { createHash } from 'node:crypto';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { expect, it } from 'vitest';
import { build } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));

it('finds an emoji by a word of another language, as an extension that Chromium has loaded', async () => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'diptych-extension-')));
  await build({ root, logLevel: 'warn', build: { outDir: folder, emptyOutDir: true } });
  const context = await chromium.launchPersistentContext('', {
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', `--disable-extensions-except=${folder}`, `--load-extension=${folder}`],
    ignoreDefaultArgs: ['--disable-extensions'],
  });
  try {
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(`chrome-extension://${idOf(folder)}/popup.html`);
    for (const [words, found] of [
      ['Hund', '🐕'],
      ['vélo', '🚲'],
    ] as const) {
      await page.getByRole('searchbox').fill(words);
      await page.getByRole('searchbox').press('Enter');
      await expect.poll(() => page.getByRole('status').textContent(), { timeout: 60_000 }).toBe(found);
    }
    expect(problems).toEqual([]);
  } finally {
    await context.close();
    await rm(folder, { recursive: true });
  }
});

/** Chromium's name of an unpacked extension: its path's hash in letters. */
function idOf(folder: string): string {
  const hash = createHash('sha256').update(folder).digest('hex').slice(0, 32);
  return hash.replaceAll(/./g, (digit) => String.fromCodePoint(97 + Number.parseInt(digit, 16)));
}
