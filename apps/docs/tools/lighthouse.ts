// What Lighthouse says of a page of the site that was built, on a phone and on a desk: `pnpm lighthouse [path…]`. It measures
// time, on this machine: no part of the tests.
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import lighthouse, { desktopConfig } from 'lighthouse';
import { chromium } from 'playwright';
import { serveSite } from '../src/serve-site.ts';

/** What each of the four may not fall below. */
const least = 95;
const paths = process.argv.length > 2 ? process.argv.slice(2) : ['/'];
const site = await serveSite();
const port = await freePort();
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', `--remote-debugging-port=${port}`],
});
try {
  for (const path of paths) {
    for (const device of ['phone', 'desk'] as const) await audit(path, device);
  }
} finally {
  await browser.close();
  site.close();
}

async function audit(path: string, device: 'phone' | 'desk'): Promise<void> {
  const config = device === 'desk' ? desktopConfig : undefined;
  const result = await lighthouse(site.url + path, { port, logLevel: 'error' }, config);
  if (!result) throw new Error(`Lighthouse: expected a result of ${path}`);
  const { categories, audits } = result.lhr;
  const scores = Object.values(categories).map(({ title, score }) => ({
    title,
    score: Math.round(100 * (score ?? 0)),
  }));
  const named = [
    'first-contentful-paint',
    'largest-contentful-paint',
    'total-blocking-time',
    'cumulative-layout-shift',
  ];
  const times = named.map((name) => `${name} ${audits[name]?.displayValue}`);
  console.log(
    `${path} ${device}: ${scores.map(({ title, score }) => `${title} ${score}`).join(', ')}; ${times.join(', ')}`,
  );
  if (scores.every(({ score }) => score >= least)) return;
  process.exitCode = 1;
  for (const { title, score, displayValue, scoreDisplayMode } of Object.values(audits)) {
    const isPoor = score !== null && score < 0.9 && scoreDisplayMode !== 'informative';
    if (isPoor) console.log(`  ${score.toFixed(2)} ${title} ${displayValue ?? ''}`);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: free } = server.address() as AddressInfo;
  server.close();
  return free;
}
