import { createHash } from 'node:crypto';
import { useBackend } from '@diptych/backend-wasm';
import { seededRandom, type TextBatch, type WeightType } from '@diptych/core';
import { clipText, clipTextSpec } from '@diptych/text-encoder';
import { type Architecture, blobFiles, open, textTower } from 'diptych';
import { textConfig } from './clip-b32.ts';
import { processorClock } from './interleave.ts';
import { loadedModel } from './models.ts';

// `captions-run.ts <type of weights> <captions> <threads>`: embeds captions whenever it is asked to, and answers with the
// processor's milliseconds and a digest of the rows.
const [dtype, count, threads] = process.argv.slice(2) as [WeightType, string, string];

/** Tokens of captions of photos, both ends included: those of Flickr8k have 13.8 on average, deviation 3.9, at most 42. */
function lengthsOf(n: number): number[] {
  const random = seededRandom(5);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Array.from({ length: n }, () => Math.min(42, Math.max(3, Math.round(Math.exp(2.59 + 0.28 * normal())))));
}

/** A text is its number of tokens: random ones, and the end. */
function tokens(texts: readonly string[]): TextBatch {
  const lengths = texts.map(Number);
  const length = Math.max(...lengths);
  const random = seededRandom(6);
  const end = textConfig.vocabSize - 1;
  const places = lengths.flatMap((own) => Array.from({ length }, (_, at) => own - 1 - at));
  return {
    ids: Int32Array.from(places, (left) => (left > 0 ? 1 + Math.floor(random() * (end - 1)) : left === 0 ? end : 0)),
    mask: Int32Array.from(places, (left) => (left < 0 ? 0 : 1)),
    shape: [texts.length, length],
  };
}

const architecture: Architecture = {
  version: 1,
  name: 'captions',
  async open() {
    const model = await loadedModel(clipTextSpec(textConfig), { seed: 2, dtype });
    const encoder = clipText(textConfig, model.params);
    const text = textTower({ encoder, preprocess: tokens });
    return { towers: { text }, [Symbol.dispose]: () => model[Symbol.dispose]() };
  },
};

await useBackend('wasm', { threads: Number(threads) });
const space = await open(blobFiles({}, 'captions'), { architectures: [architecture] });
const captions = lengthsOf(Number(count)).map(String);
process.on('message', () => void embed());
process.on('disconnect', () => process.exit());
process.send!('ready');

async function embed(): Promise<void> {
  const start = processorClock();
  const { data } = await space.embed('text', captions);
  const milliseconds = processorClock() - start;
  process.send!({ milliseconds, rows: createHash('sha256').update(data).digest('hex') });
}
