import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describeGolden, goldenPath } from '@diptych/golden';
import { orderScores } from '@diptych/evaluation';
import { open } from 'diptych';
import { describe, expect, it } from 'vitest';
import { jsonLines, runCli } from './run-cli.ts';
import { colourData, configFile, onFeatures, onPixels, writeNpy } from './training-data.ts';

interface Epoch {
  readonly epoch: number;
  readonly loss: number;
  readonly rsum: number;
}

async function trained(config: object, ...args: readonly string[]) {
  const folder = await colourData();
  const output = join(folder, 'model');
  const run = await runCli(['train', await configFile(folder, config), '--output', output, ...args]);
  return { folder, output, run };
}

describe('train', () => {
  it('makes a model of pictures and words that the other commands open', async () => {
    const { folder, output, run } = await trained({ ...onPixels, epochs: 30, loss: { kind: 'infoNce' } });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const epochs = jsonLines<Epoch>(run);
    expect(epochs.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
    expect(epochs.at(-1)!.loss).toBeLessThan(epochs[0]!.loss / 2);
    const best = Math.max(...epochs.map(({ rsum }) => rsum));
    expect(best).toBeGreaterThan(500);

    const files = ['README.md', 'checkpoint.safetensors', 'checkpoint.safetensors.previous', 'config.json', 'loss.svg'];
    const more = ['metrics.json', 'model.safetensors', 'recall.svg', 'rsum.svg', 'vocab.json'];
    expect((await readdir(output)).toSorted()).toEqual([...files, ...more]);
    expect(JSON.parse(await readFile(join(output, 'metrics.json'), 'utf8'))).toEqual(epochs);
    expect(await readFile(join(output, 'recall.svg'), 'utf8')).toContain('text retrieval');
    const card = await readFile(join(output, 'README.md'), 'utf8');
    expect(card).toContain(`Epoch ${1 + epochs.findIndex(({ rsum }) => rsum === best)} of 30`);
    expect(card).toContain(`| \`rsum\` | ${best.toFixed(1)} |  |`);

    const photos = join(folder, 'photos');
    const data = join(folder, 'captions.jsonl');
    const judged = await runCli(['evaluate', '--model', output, '--images', photos, '--split', 'val', data]);
    expect(jsonLines<Epoch>(judged)[0]!.rsum).toBeCloseTo(best, 6);
    const found = await runCli(['search', '--model', output, '--images', photos, '--top-k', '1', 'a dark green wall']);
    expect(jsonLines(found)).toEqual([expect.objectContaining({ path: join(photos, 'dark-green.png') })]);
  });

  it('with the loss of order embeddings chooses, evaluates and searches as the loss compares', async () => {
    const { folder, output, run } = await trained({ ...onPixels, epochs: 12, loss: { kind: 'order' } });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const best = Math.max(...jsonLines<Epoch>(run).map(({ rsum }) => rsum));
    const photos = join(folder, 'photos');
    const data = join(folder, 'captions.jsonl');
    const judged = await runCli(['evaluate', '--model', output, '--images', photos, '--split', 'val', data]);
    expect(jsonLines<Epoch>(judged)[0]!.rsum).toBeCloseTo(best, 6);

    using space = await open(output);
    const caption = 'a dark green wall';
    const paths = (await readdir(photos)).filter((name) => name.endsWith('.png')).map((name) => join(photos, name));
    const [images, text] = [await space.embed('image', paths), await space.embed('text', [caption])];
    const scores = orderScores(images, text).block([0, paths.length], [0, 1]);
    expect(Math.min(...images.data)).toBeGreaterThanOrEqual(0);
    const found = await runCli(['search', '--model', output, '--images', photos, '--top-k', '3', caption]);
    const ranked = paths.map((path, i) => ({ path, score: scores[i]! })).toSorted((a, b) => b.score - a.score);
    const hits = jsonLines<{ path: string; score: number }>(found);
    expect(hits.map(({ path }) => path)).toEqual(ranked.slice(0, 3).map(({ path }) => path));
    hits.forEach(({ score }, i) => expect(score).toBeCloseTo(ranked[i]!.score, 4));
  });

  it('says that rows point in one direction, once, and what helps', async () => {
    const folder = await colourData();
    await writeNpy(
      join(folder, 'features.npy'),
      Array.from({ length: 24 }, () => [1, 0, 0, 1]),
    );
    const loss = { kind: 'vsepp', negatives: 1 };
    const config = await configFile(folder, { ...onFeatures, loss, epochs: 5 });
    const run = await runCli(['train', config, '--output', join(folder, 'model')]);
    expect(run.code).toBe(0);
    expect(run.stderr.match(/rows have rank/g)).toHaveLength(1);
    expect(run.stderr).toMatch(
      /^diptych: epoch 3: rows have rank 1\.00: they point in one direction; .*fallingNegatives/m,
    );
    const quiet = await runCli(['train', config, '--output', join(folder, 'other'), '--quiet']);
    expect(quiet).toMatchObject({ code: 0, stderr: '', stdout: run.stdout });
  });

  it('makes a head over stored features, without any picture', async () => {
    const { folder, output, run } = await trained({ ...onFeatures, epochs: 30 });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(Math.max(...jsonLines<Epoch>(run).map(({ rsum }) => rsum))).toBeGreaterThan(400);
    await rm(join(folder, 'photos'), { recursive: true });
    const embedded = await runCli(['embed', '--model', output, '--modality', 'text', 'a dark wall']);
    expect(jsonLines<{ embedding: number[] }>(embedded)[0]!.embedding).toHaveLength(8);
  });

  it.each([
    ['vse0', { loss: { kind: 'vse0', margin: 0.1 } }],
    ['order', { loss: { kind: 'order' } }],
    ['the hardest negative alone', { loss: { kind: 'vsepp', negatives: 1 } }],
    [
      'siglip, AdamW and cosine',
      { loss: { kind: 'siglip' }, optimizer: { kind: 'adamW' }, schedule: { kind: 'cosine', warmup: 2 } },
    ],
    [
      'an adversary, SGD and steps',
      {
        loss: { adversarial: { hidden: 4 } },
        optimizer: { kind: 'sgd', momentum: 0.9 },
        schedule: { kind: 'step', every: 1 },
      },
    ],
    [
      'nested dimensions and Adagrad',
      { loss: { kind: 'infoNce', matryoshka: [2, 4] }, optimizer: { kind: 'adagrad' } },
    ],
    ['averages and clipping', { average: 0.9, clipNorm: 0.5, seed: 3 }],
    ['a transformer', { model: { ...onFeatures.model, text: { kind: 'transformer', width: 8, heads: 2, layers: 1 } } }],
    [
      'a vision transformer',
      {
        data: onPixels.data,
        model: { ...onPixels.model, image: { kind: 'vit', size: 8, patchSize: 4, width: 8, layers: 1, heads: 2 } },
      },
    ],
    ['no validation', { data: { ...onFeatures.data, validation: undefined } }],
  ])('trains with %s, and twice to the same bits', async (_, more) => {
    const runs = [await trained({ ...onFeatures, ...more }), await trained({ ...onFeatures, ...more })];
    expect(runs[0]!.run).toMatchObject({ code: 0, stderr: '' });
    expect(runs[1]!.run.stdout).toBe(runs[0]!.run.stdout);
    const [first, second] = await Promise.all(
      runs.map(async ({ output }) => readFile(join(output, 'model.safetensors'))),
    );
    expect(second!.equals(first!)).toBe(true);
  });

  it('prints a line for people, with a bar of its steps', async () => {
    const folder = await colourData();
    const config = await configFile(folder, onFeatures);
    const run = await runCli(['train', config, '--output', join(folder, 'model')], { tty: true });
    expect(run.stdout).toMatch(
      /^(epoch \d {2}loss \d+.\d+ {2}image_retrieval_recall@1 \d\.\d{4} .*rsum \d+\.\d{4}\n){2}$/,
    );
    expect(run.stderr).toContain('training  [');
    expect(run.stderr).toContain('of 8');
  });

  it('takes its bar away when it fails', async () => {
    const folder = await colourData();
    const config = await configFile(folder, { ...onFeatures, optimizer: { kind: 'sgd', learningRate: 1e38 } });
    const run = await runCli(['train', config, '--output', join(folder, 'model')], { tty: true });
    expect(run.code).toBe(2);
    // Nothing but what clears the line stands in front of the message.
    expect(run.stderr.split('\r\u001B[K').at(-1)).toMatch(/^diptych: INPUT_INVALID: training: expected a finite loss/);
  });

  it('stops early, and is continued only when asked and with the same configuration', async () => {
    const { folder, output, run } = await trained({
      ...onFeatures,
      epochs: 40,
      optimizer: { learningRate: 0 },
      patience: 2,
    });
    // Nothing changes, so nothing gets better.
    expect(jsonLines(run)).toHaveLength(3);
    const config = join(folder, 'train.json');
    const again = await runCli(['train', config, '--output', output]);
    expect(again).toMatchObject({ code: 2, stdout: '' });
    expect(again.stderr).toContain('--resume');
    expect(await runCli(['train', config, '--output', output, '--resume'])).toMatchObject({ code: 0, stdout: '' });
    const longer = await configFile(
      folder,
      { ...onFeatures, epochs: 40, optimizer: { learningRate: 0 }, patience: 4 },
      'longer.json',
    );
    const rest = await runCli(['train', longer, '--output', output, '--resume']);
    expect(jsonLines<Epoch>(rest).map(({ epoch }) => epoch)).toEqual([4, 5]);
    expect(JSON.parse(await readFile(join(output, 'metrics.json'), 'utf8'))).toHaveLength(5);
    const other = await configFile(folder, { ...onFeatures, seed: 4 }, 'other.json');
    const refused = await runCli(['train', other, '--output', output, '--resume']);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('another optimizer, seed');
    const captions = await readFile(join(folder, 'captions.jsonl'), 'utf8');
    await writeFile(join(folder, 'captions.jsonl'), captions.replace('rather', 'quite'));
    const changed = await runCli(['train', longer, '--output', output, '--resume']);
    expect(changed.stderr).toContain('another captions');
  });

  it('takes the state before a damaged one, and says so', async () => {
    const { folder, output, run } = await trained(onFeatures);
    await writeFile(join(output, 'checkpoint.safetensors'), 'damaged');
    const rest = await runCli(['train', join(folder, 'train.json'), '--output', output, '--resume']);
    expect(rest.code).toBe(0);
    expect(rest.stderr).toContain('taking the state before');
    expect(rest.stdout).toBe(run.stdout.split('\n').slice(1).join('\n'));
  });

  it('leaves what it has when it is interrupted', async () => {
    const folder = await colourData();
    const output = join(folder, 'model');
    const config = await configFile(folder, { ...onFeatures, epochs: 1000, saveEvery: 1 });
    const controller = new AbortController();
    const running = runCli(['train', config, '--output', output], { signal: controller.signal });
    const begun = async () =>
      stat(join(output, 'checkpoint.safetensors')).then(
        () => true,
        () => false,
      );
    const ended = running.then(() => true);
    while (!(await begun()) && !(await Promise.race([ended, setTimeout(20, false)])));
    controller.abort(new Error('enough'));
    expect(await running).toMatchObject({ code: 2, stderr: expect.stringContaining('enough') });
    expect(await readdir(output)).not.toContain('model.safetensors');
  });
});

const withText = (text: object) => ({ ...onFeatures, model: { ...onFeatures.model, text } });

describe('a configuration that is wrong', () => {
  it.each<[string, unknown]>([
    ['expected JSON', '{'],
    ['expected a JSON object', []],
    ['train.json: epoch: expected one of the fields data, model', { ...onFeatures, epoch: 3 }],
    ['train.json: epochs: expected a whole number of at least 1, got "3"', { ...onFeatures, epochs: '3' }],
    ['model: text: layers: expected at most 1024, got 1000000000', withText({ kind: 'gru', layers: 1e9 })],
    ['model: expected at most 268435456 values, got ', withText({ kind: 'gru', wordDim: 2 ** 24 })],
    [
      'train.json: data: captions: expected a file or folder, got none at',
      { ...onFeatures, data: { captions: 'none.jsonl' } },
    ],
    [
      'train.json: data: order: expected a string, got none',
      { ...onFeatures, data: { ...onFeatures.data, order: undefined } },
    ],
    [
      'train.json: model: image: kind: expected a string, got none',
      { ...onFeatures, model: { text: { kind: 'bag' } } },
    ],
    ['model: text: kind: expected one of gru, lstm, bag, transformer, got "rnn"', withText({ kind: 'rnn' })],
    ['captions.jsonl: expected JSON, got', { ...onFeatures, data: { ...onFeatures.data, order: 'captions.jsonl' } }],
    ['train.json: loss: kind: expected one of vse0, vsepp', { ...onFeatures, loss: { kind: 'cosine' } }],
    ['train.json: loss: negatives: expected a whole', { ...onFeatures, loss: { kind: 'vsepp', negatives: 0 } }],
    ['train.json: loss: scale: expected one of the fields', { ...onFeatures, loss: { kind: 'vsepp', scale: 2 } }],
    [
      'train.json: loss: adversarial: weight: expected a number of at least 0',
      { ...onFeatures, loss: { adversarial: { weight: -1 } } },
    ],
    ['train.json: optimizer: momentum: expected one of the fields', { ...onFeatures, optimizer: { momentum: 0.9 } }],
    [
      'train.json: schedule: warmup: expected less than all 8 steps',
      { ...onFeatures, schedule: { kind: 'cosine', warmup: 8 } },
    ],
    ["expected 'features' and 'order', or 'backbone'", { ...onFeatures, data: onPixels.data }],
    ["split 'dev'", { ...onFeatures, data: { ...onFeatures.data, validation: 'dev' } }],
  ])('is refused: %s', async (message, config) => {
    const folder = await colourData();
    const run = await runCli(['train', await configFile(folder, config), '--output', join(folder, 'model')]);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(message);
  });
});

describeGolden('train on Flickr8k', () => {
  it('learns from some of its photos with their stored features, and embeds others', async () => {
    const folder = await colourData();
    const lines = (await readFile(goldenPath('data/flickr8k/captions.jsonl'), 'utf8')).split('\n').slice(0, 300);
    await writeFile(join(folder, 'slice.jsonl'), lines.join('\n'));
    const at = (path: string) => goldenPath(path);
    const features = {
      features: at('data/flickr8k/mobilenet_v1_075_gap_f16.npy'),
      order: at('data/flickr8k/mobilenet_v1_075_gap_order.json'),
    };
    const data = { captions: 'slice.jsonl', images: at('data/flickr8k/images'), validation: 'val', ...features };
    const config = await configFile(folder, {
      data: { ...data, backbone: at('models/mobilenet_v1_0.75_224_tfjs') },
      model: { dim: 64, minCount: 2, text: { kind: 'gru', wordDim: 64 }, image: { kind: 'features' } },
      optimizer: { learningRate: 0.002 },
      epochs: 5,
      batchSize: 64,
      clipNorm: 2,
    });
    const output = join(folder, 'model');
    const run = await runCli(['train', config, '--output', output]);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const epochs = jsonLines<Epoch>(run);
    expect(epochs.at(-1)!.loss).toBeLessThan(0.85 * epochs[0]!.loss);
    const photo = at('data/flickr8k/images/1000268201_693b08cb0e.jpg');
    const embedded = await runCli(['embed', '--model', output, photo]);
    expect(jsonLines<{ embedding: number[] }>(embedded)[0]!.embedding).toHaveLength(64);
  });
});
