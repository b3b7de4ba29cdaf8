import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { createServer, defaultClientConditions } from 'vite';
import type { Result } from './measure.ts';
import { record } from './record.ts';

// The benchmark in Chromium: `chromium.ts [image,text] [1,8,32] [rounds] [--record]`, then a step of training and two threads.
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { record: { type: 'boolean', default: false } },
});
const [towers = 'image,text', batches = '1,8,32', rounds = '7'] = positionals;
const server = await createServer({
  root: fileURLToPath(new URL('.', import.meta.url)),
  resolve: { conditions: ['@diptych/source', ...defaultClientConditions] },
  // Nothing is found late: that would reload the page in the middle of a measurement.
  optimizeDeps: {
    noDiscovery: true,
    exclude: ['onnxruntime-web'],
    include: ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-wasm', '@tensorflow/tfjs-layers'],
  },
  server: {
    port: 0,
    hmr: false,
    // Threads share memory in isolated pages only.
    headers: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
    fs: { allow: [fileURLToPath(new URL('../..', import.meta.url))] },
  },
  logLevel: 'error',
});
await server.listen();
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
const plan = `${JSON.stringify(towers.split(','))}, [${batches}], ${Number(rounds)}`;
if (towers) {
  const results = (await run(`runPage(${plan})`)) as Result[];
  const place = `Chromium ${browser.version().split('.')[0]}`;
  if (options.record) record({ place, cpu: cpus()[0]?.model, clock: 'wall', rounds: Number(rounds) }, results);
}
await run('runTraining()');
const threads = { threads: 2, rounds: 9, batches: [1, 8], dtypes: ['float32', 'int8'], towers: ['image', 'text'] };
await run(`runThreads(${JSON.stringify(threads)})`);
await browser.close();
await server.close();

/** Calls what `page.ts` exports, in a page of its own. */
async function run(call: string): Promise<unknown> {
  const page = await browser.newPage();
  page.on('console', (message) => console.log(message.text()));
  page.on('pageerror', (error) => console.error(error));
  await page.goto(server.resolvedUrls!.local[0]!);
  const result: unknown = await page.evaluate(`import('/page.ts').then((page) => page.${call})`);
  await page.close();
  return result;
}
