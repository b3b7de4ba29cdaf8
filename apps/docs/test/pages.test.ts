import { readdir } from 'node:fs/promises';
import { chromium } from 'playwright';
import { expect, it } from 'vitest';
import { built, serveSite } from '../src/serve-site.ts';

const minutes = 60_000;

// Of the pages alone: their programs change nothing of how wide they are.
it(
  'has no page that is wider than a phone',
  async () => {
    const files = (await readdir(built, { recursive: true })).filter((path) => path.endsWith('.html'));
    const site = await serveSite();
    const browser = await chromium.launch({
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu'],
    });
    const wide: string[] = [];
    try {
      const page = await browser.newPage({ viewport: { width: 390, height: 844 }, javaScriptEnabled: false });
      for (const file of files) {
        await page.goto(`${site.url}/${file}`);
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        if (width > 390) wide.push(`${file}: ${width}`);
      }
    } finally {
      await browser.close();
      site.close();
    }
    expect(files.length).toBeGreaterThan(50);
    expect(wide).toEqual([]);
  },
  10 * minutes,
);
