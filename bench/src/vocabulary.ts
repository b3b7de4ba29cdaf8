// How long a tokenizer.json of XLM-V's size is read, and what memory that takes: bench:vocabulary [pieces].
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '@diptych/core';
import { parseTokenizer } from '@diptych/preprocessing/text';

const scripts = [
  'abcdefghijklmnopqrstuvwxyz',
  'абвгдежзийклмнопрстуфхцчшщъыьэюя',
  'अआइईउऊकखगघङचछजझञटठड',
  '的一是不了人我在有他',
  'ابتثجحخدذرزسش',
];

/** Words of five scripts with scores, as a file of transformers has them, line by line. */
function tokenizerJson(count: number): string {
  const random = seededRandom(5);
  const below = (n: number) => Math.floor(random() * n);
  const words = new Map([['<unk>', 0]]);
  while (words.size < count) {
    const script = scripts[below(scripts.length)]!;
    const letters = Array.from({ length: 2 + below(9) }, () => script[below(script.length)]!);
    words.set(`${below(3) > 0 ? '▁' : ''}${letters.join('')}`, -8 - 10 * random());
  }
  const pre_tokenizer = { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true };
  return JSON.stringify({ pre_tokenizer, model: { type: 'Unigram', unk_id: 0, vocab: [...words] } }, null, 2);
}

const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
const peak = () => 1024 * process.resourceUsage().maxRSS;

function measure(path: string): void {
  const before = peak();
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  const files = {
    tokenizerJson: readFileSync(path, 'utf8'),
    tokenizerConfig: { tokenizer_class: 'XLMRobertaTokenizer' },
  };
  parseTokenizer(files, { contextLength: 77 });
  const { user } = process.cpuUsage(cpu);
  const [seconds, ofCores] = [(performance.now() - start) / 1000, user / 1e6];
  const memory = `${megabytes(peak() - before)} above the ${megabytes(before)} before`;
  console.log(
    `${megabytes(statSync(path).size)}: ${seconds.toFixed(2)} s, ${ofCores.toFixed(2)} s of processors, ${memory}`,
  );
}

const [given = '901629', path] = process.argv.slice(2);
if (path === undefined) {
  const folder = mkdtempSync(join(tmpdir(), 'vocabulary-'));
  try {
    const made = join(folder, 'tokenizer.json');
    writeFileSync(made, tokenizerJson(Number(given)));
    const again = [...process.execArgv, fileURLToPath(import.meta.url), given, made];
    for (let round = 0; round < 3; round++) execFileSync(process.execPath, again, { stdio: 'inherit' });
  } finally {
    rmSync(folder, { recursive: true });
  }
} else measure(path);
