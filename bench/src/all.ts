import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

// Every benchmark, one after another, in processes of their own: `all.ts [--only encoders,search] [--json results.json]`.
// Each compares with its peers in one interleaved run, prints lines, and may write its numbers to `--json`.
const parts: Readonly<Record<string, readonly string[]>> = {
  encoders: ['main.ts'],
  accuracy: ['accuracy.ts'],
  chromium: ['chromium.ts', 'image,text', '1,8,32', '7'],
  training: ['training.ts'],
  convolution: ['convolution.ts'],
  threads: ['threads.ts'],
  startup: ['startup.ts'],
  preprocessing: ['preprocessing.ts'],
  search: ['search.ts'],
};
const writesJson = new Set(['encoders', 'accuracy', 'training', 'convolution', 'startup']);

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(parts).join(',') },
    json: { type: 'string', default: fileURLToPath(new URL('../results/results.json', import.meta.url)) },
  },
});

const folder = fileURLToPath(new URL('../results/', import.meta.url));
mkdirSync(folder, { recursive: true });
const results: Record<string, unknown> = {
  date: new Date().toISOString(),
  node: process.version,
  cpu: `${cpus().length} x ${cpus()[0]?.model}`,
};
for (const name of options.only.split(',')) {
  const part = parts[name];
  if (!part) throw new Error(`--only: expected some of ${Object.keys(parts).join(', ')}, got '${name}'`);
  console.log(`\n== ${name}, load ${loadavg()[0]!.toFixed(2)}`);
  const numbers = `${folder}${name}.json`;
  const lines = await run([...part, ...(writesJson.has(name) ? ['--json', numbers] : [])]);
  const written = writesJson.has(name) && existsSync(numbers);
  results[name] = { lines, ...(written && { numbers: JSON.parse(readFileSync(numbers, 'utf8')) as unknown }) };
  writeFileSync(options.json, `${JSON.stringify(results, null, 2)}\n`);
}
console.log(`\nwritten: ${options.json}`);

/** What a script prints, which is shown as well. */
function run([script, ...args]: readonly string[]): Promise<string[]> {
  const path = fileURLToPath(new URL(script!, import.meta.url));
  const child = spawn(process.execPath, ['--conditions=@diptych/source', path, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    process.stdout.write(text);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (code) => {
      if (code === 0) resolve(output.trimEnd().split('\n'));
      else reject(new Error(`${script}: ended with ${code}`));
    });
  });
}
