import { orderScores } from '@diptych/alignment';
import { blobFiles } from '@diptych/files';
import { describeBackends, expectClose, expectNoLeak } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { dualEncoderPlan, open } from '../src/index.ts';
import { begun, image, texts, towers, vocabSize, vocabulary } from './begun-dual-encoder.ts';
import { smallClipFiles } from './small-clip.ts';

function vocabularyWith(words: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ word2idx: { ...vocabulary.word2idx, ...words } });
}

describeBackends('a dual encoder', () => {
  it.each(Object.entries(towers.text))('opened embeds texts as the %s that was trained', async (_, text) => {
    await expectNoLeak(async () => {
      const { plan, model, files } = begun(text, towers.image.cnn);
      const batch = (await plan.text.tokenizer(vocabulary))(texts);
      const expected = tf.tidy(() => plan.text.make(model, 'text').forward(batch).dataSync());
      using space = await open(blobFiles(files, 'begun'));
      expect(space).toMatchObject({ architecture: 'dual_encoder', dim: 6, modalities: ['text', 'image'] });
      expectClose((await space.embed('text', texts, { normalize: false })).data, expected, 0);
      model[Symbol.dispose]();
    });
  });

  it.each(Object.entries(towers.image))('opened embeds images as the %s that was trained', async (_, config) => {
    await expectNoLeak(async () => {
      const { plan, model, files } = begun(towers.text.bag, config);
      if (plan.image.reads !== 'pixels') throw new Error('expected a tower of pixels');
      const batch = await plan.image.preprocess([image]);
      expect(batch.shape).toEqual([1, 16, 16, 3]);
      const { make } = plan.image;
      const expected = tf.tidy(() => make(model, 'image').forward(batch).dataSync());
      using space = await open(blobFiles(files, 'begun'));
      expectClose((await space.embed('image', [image], { normalize: false })).data, expected, 0);
      model[Symbol.dispose]();
    });
  });

  it('over features embeds texts, and images with the network that gives the features', async () => {
    await expectNoLeak(async () => {
      const clip = await smallClipFiles();
      using small = await open(blobFiles(clip, 'clip'));
      const { plan, model, files } = begun(towers.text.bag, { kind: 'features', inputs: small.dim });
      using alone = await open(blobFiles(files, 'begun'));
      expect(alone.modalities).toEqual(['text']);
      const backbone = Object.fromEntries(Object.entries(clip).map(([name, blob]) => [`backbone/${name}`, blob]));
      using space = await open(blobFiles({ ...files, ...backbone }, 'begun'));
      const { data: values, shape } = await small.embed('image', [image], { normalize: false });
      const expected = tf.tidy(() => {
        if (plan.image.reads !== 'features') throw new Error('expected a tower of features');
        return plan.image.make(model, 'image').forward({ values, shape }).dataSync();
      });
      expectClose((await space.embed('image', [image], { normalize: false })).data, expected, 1e-6);
      model[Symbol.dispose]();
      const other = begun(towers.text.bag, { kind: 'features', inputs: small.dim + 1 });
      other.model[Symbol.dispose]();
      await expect(open(blobFiles({ ...other.files, ...backbone }, 'other'))).rejects.toMatchObject({
        code: 'SHAPE_MISMATCH',
        message: expect.stringContaining('backbone'),
      });
    });
  });

  it('trained as order embeddings gives rows without signs, and compares them as the loss does', async () => {
    await expectNoLeak(async () => {
      const { model, files } = begun(towers.text.gru, towers.image.cnn);
      const config = { ...JSON.parse(await files['config.json'].text()), similarity: 'order' };
      using space = await open(blobFiles({ ...files, 'config.json': new Blob([JSON.stringify(config)]) }, 'begun'));
      using signed = await open(blobFiles(files, 'begun'));
      expect([space.similarityFunction, signed.similarityFunction]).toEqual(['order', 'cosine']);
      const [images, captions] = [await space.embed('image', [image]), await space.embed('text', texts)];
      expectClose(captions.data, (await signed.embed('text', texts)).data.map(Math.abs), 1e-6);
      expectClose(images.data, (await signed.embed('image', [image])).data.map(Math.abs), 1e-6);
      const expected = tf.tidy(() =>
        orderScores(tf.tensor2d(images.data, [1, 6]), tf.tensor2d(captions.data, [2, 6])).dataSync(),
      );
      expectClose(space.similarity(images, captions), expected, 1e-6);
      const [labels] = await space.classify([image], texts, { templates: ['{}'] });
      const shares = texts.map((text) => labels!.find(({ label }) => label === text)!.score);
      expect(Math.log(shares[0]! / shares[1]!)).toBeCloseTo(expected[0]! - expected[1]!, 4);
      model[Symbol.dispose]();
    });
  });

  it.each([
    ['{"word2idx": ', 'begun/vocab.json: expected JSON'],
    ['[]', 'begun/vocab.json: expected a JSON object'],
    ['{}', 'begun/vocab.json: word2idx: expected an object, got none'],
    ['{"word2idx": ["a"]}', 'begun/vocab.json: word2idx: expected an object, got ["a"]'],
    [vocabularyWith({ '<unk>': undefined }), "begun/vocab.json: word2idx: expected the word '<unk>', got none"],
    [vocabularyWith({ red: '5' }), `word2idx: 'red': expected a whole number from 0 to ${vocabSize - 1}, got "5"`],
    [vocabularyWith({ red: vocabSize }), `'red': expected a whole number from 0 to ${vocabSize - 1}, got ${vocabSize}`],
    [vocabularyWith({ red: -1 }), "'red': expected a whole number from 0"],
  ])('is refused with the vocabulary %s', async (vocab, message) => {
    const { model, files } = begun(towers.text.transformer, towers.image.cnn);
    model[Symbol.dispose]();
    const opened = open(blobFiles({ ...files, 'vocab.json': new Blob([vocab]) }, 'begun'));
    await expect(opened).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining(message) });
  });

  it('is refused without its vocabulary, and with one that has another end', async () => {
    await expectNoLeak(async () => {
      const { model, files } = begun(towers.text.transformer, towers.image.cnn);
      model[Symbol.dispose]();
      const { 'vocab.json': _, ...rest } = files;
      await expect(open(blobFiles(rest, 'begun'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
      const turned = { word2idx: { ...vocabulary.word2idx, '<end>': 3, '<unk>': 2 } };
      const other = { ...files, 'vocab.json': new Blob([JSON.stringify(turned)]) };
      await expect(open(blobFiles(other, 'begun'))).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    });
  });
});

describe('the configuration of a dual encoder', () => {
  const whole = { dim: 6, vocabSize: 9, text: { kind: 'gru' }, image: { kind: 'cnn' } };

  it.each([
    [{ ...whole, similarity: 'dot' }, 'config.json: similarity: expected one of cosine, order, got "dot"'],
    [{ ...whole, dims: 6 }, 'config.json: dims: expected one of the fields'],
    [{ ...whole, vocabSize: undefined }, 'config.json: vocabSize: expected a whole number of at least 1, got none'],
    [
      { ...whole, text: { kind: 'rnn' } },
      'config.json: text: kind: expected one of gru, lstm, bag, transformer, got "rnn"',
    ],
    [{ ...whole, text: { kind: 'gru', wordDim: '5' } }, 'config.json: text: wordDim: expected a whole number'],
    [{ ...whole, text: { kind: 'bag', wordDim: 5 } }, 'config.json: text: wordDim: expected one of the fields kind'],
    [{ ...whole, image: {} }, 'config.json: image: kind: expected one of features, cnn, vit, got none'],
    [{ ...whole, image: { kind: 'features' } }, 'config.json: image: inputs: expected a whole number'],
  ])('names what is wrong with it: %o', (config, message) => {
    expect(() => dualEncoderPlan(config, 'config.json')).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(message) }),
    );
  });
});
