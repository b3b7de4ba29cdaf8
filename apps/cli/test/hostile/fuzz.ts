import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { EmbeddingError } from '@diptych/core';
import { type Coverage, startCoverage } from './coverage.ts';
import { type FuzzReader, fuzzReaders } from './fuzz-readers.ts';
import { mutatedBytes } from './mutate-bytes.ts';
import { seeded } from './mutate.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const [, , shared = '', name = '', seconds = '60', seed = '1'] = process.argv;
const corpusFolder = fileURLToPath(new URL(`../../../../tools/fuzz/corpus/${name}`, import.meta.url));

/** Changed inputs between two looks at what code ran, which take some milliseconds: more where there is seldom new code. */
const batches = { least: 8, most: 256 };
/** Bytes of an input that is kept, and how many are. */
const maxKept = 4096;
const mostKept = 64;
const maxSeconds = 5;
const maxRss = 2 ** 30;

/** Ends the process where one input takes for ever; it is then in shared memory. */
const watch = `
  const { workerData: { state, bytes, file, pid } } = require('node:worker_threads');
  let last = 0, since = Date.now();
  setInterval(() => {
    if (state[0] !== last) { last = state[0]; since = Date.now(); }
    else if (Date.now() - since > 60000 && state[2]) {
      require('node:fs').writeFileSync(file, bytes.slice(0, state[1]));
      process.stdout.write(file + ': hangs\\n');
      setTimeout(() => process.kill(pid, 'SIGKILL'), 500);
    }
  }, 1000);`;
const state = new Int32Array(new SharedArrayBuffer(12));
const current = new Uint8Array(new SharedArrayBuffer(2 ** 20));
const findings = join(tmpdir(), 'diptych-fuzz');
new Worker(watch, {
  eval: true,
  workerData: { state, bytes: current, file: join(findings, `${name}-hangs`), pid: process.pid },
}).unref();

function report(input: Bytes, problem: string): void {
  mkdirSync(findings, { recursive: true });
  const file = join(findings, `${name}-${hash(input)}`);
  writeFileSync(file, input);
  process.stdout.write(`${file}: ${problem}\n`);
}

const hash = (input: Bytes): string => createHash('sha256').update(input).digest('hex').slice(0, 12);

/** What is no row, no coded error, or too much. */
async function tryOne({ read }: FuzzReader, input: Bytes): Promise<void> {
  current.set(input.subarray(0, current.length));
  state[1] = Math.min(input.length, current.length);
  state[0]!++;
  const before = process.cpuUsage();
  try {
    await read(input);
  } catch (error) {
    if (!(error instanceof EmbeddingError)) report(input, error instanceof Error ? (error.stack ?? '') : String(error));
    else if (error.message.length > 5000) report(input, `a message of ${error.message.length} letters`);
  }
  const { user, system } = process.cpuUsage(before);
  if (user + system > maxSeconds * 1e6) report(input, `${(user + system) / 1e6} s`);
  if (process.memoryUsage().rss > maxRss) {
    report(input, `${Math.round(process.memoryUsage().rss / 2 ** 20)} MiB`);
    process.exit(1);
  }
}

function changed(corpus: readonly Bytes[], random: () => number): Bytes {
  const pick = (): Bytes => corpus[Math.floor(random() ** 2 * corpus.length)]!;
  let input = pick();
  for (let i = Math.floor(random() * 4); i >= 0; i--) input = mutatedBytes(input, random).bytes;
  if (random() > 0.1) return input;
  const other = pick();
  const end = input.subarray(0, Math.floor(random() * input.length));
  return Uint8Array.from([...end, ...other.subarray(Math.floor(random() * other.length))]);
}

/** Adds what is new to `seen`. */
function isNew(blocks: ReadonlySet<string>, seen: Set<string>): boolean {
  const before = seen.size;
  for (const block of blocks) seen.add(block);
  return seen.size > before;
}

/** The smallest inputs that run together what all run. */
async function fewest(reader: FuzzReader, corpus: readonly Bytes[], coverage: Coverage): Promise<readonly Bytes[]> {
  const seen = new Set<string>();
  const kept: Bytes[] = [];
  for (const input of corpus.toSorted((a, b) => a.length - b.length)) {
    await coverage.take();
    await tryOne(reader, input);
    if (isNew(await coverage.take(), seen) && input.length <= maxKept) kept.push(input);
  }
  return kept.slice(-mostKept);
}

const reader = fuzzReaders(shared)[name];
if (!reader) throw new Error(`expected one of ${Object.keys(fuzzReaders(shared)).join(', ')}, got '${name}'`);
mkdirSync(corpusFolder, { recursive: true });
const stored = readdirSync(corpusFolder).map((file): Bytes => new Uint8Array(readFileSync(join(corpusFolder, file))));
const corpus: Bytes[] = [...(await reader.seeds()), ...stored];
const coverage = await startCoverage([reader.code]);
const seen = new Set<string>();
const random = seeded(Number(seed) * 7919);
state[2] = 1;
for (const input of corpus) await tryOne(reader, input);
isNew(await coverage.take(), seen);
const end = Date.now() + Number(seconds) * 1000;
let tried = 0;
let batch = batches.least;
while (Date.now() < end) {
  const inputs = Array.from({ length: batch }, () => changed(corpus, random));
  for (const input of inputs) await tryOne(reader, input);
  tried += inputs.length;
  const blocks = await coverage.take();
  const hasNew = [...blocks].some((block) => !seen.has(block));
  batch = hasNew ? batches.least : Math.min(batches.most, batch * 2);
  if (!hasNew) continue;
  for (const input of inputs) {
    await tryOne(reader, input);
    if (isNew(await coverage.take(), seen)) corpus.unshift(input);
  }
}
const kept = await fewest(reader, corpus, coverage);
for (const file of readdirSync(corpusFolder)) rmSync(join(corpusFolder, file));
for (const input of kept) writeFileSync(join(corpusFolder, hash(input)), input);
process.stderr.write(`${name}: ${tried} inputs, ${seen.size} blocks, ${kept.length} kept\n`);
