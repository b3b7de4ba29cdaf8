import { afterEach, describe, expect, it, vi } from 'vitest';
import * as tf from '@tensorflow/tfjs-core';
import { blobFiles, type Files, open, type OpenOptions } from '../src/index.ts';
import { toy } from './toy.ts';

afterEach(() => vi.restoreAllMocks());

const card = '---\nlicense: other\nlicense_name: mrl\nlicense_link: LICENSE\n---\n';

function modelWith(text: string | undefined, id: string): Files {
  return blobFiles({ toy: new Blob([]), ...(text !== undefined && { 'README.md': new Blob([text]) }) }, id);
}

const openToy = async (files: Files, options: OpenOptions = {}) => open(files, { architectures: [toy], ...options });

/** What `open` and `onWarning` said. */
async function heard(files: Files): Promise<readonly string[]> {
  const warnings: string[] = [];
  using _ = await openToy(files, { onWarning: (warning) => void warnings.push(warning) });
  return warnings;
}

describe('open', () => {
  it('warns once on the console of a licence that forbids commercial use', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const files = modelWith(card, 'some/research');
    for (let time = 0; time < 2; time += 1) (await openToy(files)).dispose();
    expect(warn.mock.calls).toEqual([
      ['diptych: some/research: warning: licence mrl: not for commercial use; see LICENSE'],
    ]);
  });

  it('tells onWarning instead, each time, and onFile of no card', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const read: string[] = [];
    const told: string[] = [];
    const files = modelWith(card, 'some/other');
    for (let time = 0; time < 2; time += 1) {
      const onWarning = (warning: string) => void told.push(warning);
      (await openToy(files, { onWarning, onFile: (path) => void read.push(path) })).dispose();
    }
    const line = 'some/other: warning: licence mrl: not for commercial use; see LICENSE';
    expect(told).toEqual([line, line]);
    expect(read).not.toContain('README.md');
    expect(warn).not.toHaveBeenCalled();
  });

  it.each([
    ['its card allows it', '---\nlicense: mit\n---\n', 'apple/MobileCLIP-S1-OpenCLIP', []],
    ['its card names no licence and it is not known', '# Model\n', 'some/model', []],
    [
      'it has no card but is known',
      undefined,
      'apple/MobileCLIP-S1-OpenCLIP',
      ['apple/MobileCLIP-S1-OpenCLIP: warning: licence apple-amlr: not for commercial use'],
    ],
  ])('of a model where %s', async (_, text, id, warnings) => {
    expect(await heard(modelWith(text, id))).toEqual(warnings);
  });

  it('lets no card move the cursor of a terminal', async () => {
    const [line] = await heard(modelWith('---\nlicense: cc-by-nc-4.0\u001B[2J\n---\n', 'some/model'));
    expect(line).toBe('some/model: warning: licence cc-by-nc-4.0 [2J: not for commercial use');
  });

  it('reads no card of what cannot say which files it has, but for onWarning', async () => {
    const whole = modelWith(card, 'some/place');
    const asked: string[] = [];
    const files: Files = {
      id: whole.id,
      open: async (path, signal) => {
        asked.push(path);
        return whole.open(path, signal);
      },
    };
    (await openToy(files)).dispose();
    expect(asked).not.toContain('README.md');
    expect(await heard(files)).toHaveLength(1);
  });

  it('frees the model where onWarning throws', async () => {
    const threw = new Error('no');
    const before = tf.memory().numTensors;
    const onWarning = () => {
      throw threw;
    };
    await expect(openToy(modelWith(card, 'some/model'), { onWarning })).rejects.toBe(threw);
    expect(tf.memory().numTensors).toBe(before);
  });
});
