import { blobFiles, type Files } from '@diptych/files';
import { describeGolden, given, goldenBytes, goldenJson } from '@diptych/golden';
import { describeBackends, expectClose, expectNoLeak, numbers, readTensors, textBatch } from '@diptych/testkit';
import { resample } from '@diptych/preprocessing/audio';
import { expect, it } from 'vitest';
import { hfClap, open, type TextAndAudio } from '../src/index.ts';
import recordings from './golden/sounds.json' with { type: 'json' };

const own = [
  'config.json',
  'preprocessor_config.json',
  'model.safetensors',
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
];

async function folder(changed: Readonly<Record<string, object>> = {}): Promise<Files> {
  const blobs = own.map(async (name) => {
    const path = `oracles2/clap/${name}`;
    if (!changed[name]) return [name, new Blob([await goldenBytes(path)])] as const;
    return [name, new Blob([JSON.stringify({ ...(await goldenJson<object>(path)), ...changed[name] })])] as const;
  });
  return blobFiles(Object.fromEntries(await Promise.all(blobs)), 'clap');
}

/** A WAV file of floating point. */
function wav(samples: Float32Array<ArrayBuffer>, sampleRate: number): Blob {
  const head = new DataView(new ArrayBuffer(44));
  const text = (at: number, chars: string) => new Uint8Array(head.buffer).set(new TextEncoder().encode(chars), at);
  text(0, 'RIFF');
  text(8, 'WAVEfmt ');
  text(36, 'data');
  const words: readonly (readonly [at: number, value: number])[] = [
    [4, 36 + samples.byteLength],
    [16, 16],
    [20, 3 | (1 << 16)],
    [24, sampleRate],
    [28, 4 * sampleRate],
    [32, 4 | (32 << 16)],
    [40, samples.byteLength],
  ];
  for (const [at, value] of words) head.setUint32(at, value, true);
  return new Blob([head, samples]);
}

const expectedOf = async () => readTensors('oracles2/clap/expected.safetensors');
const samplesOf = (expected: Awaited<ReturnType<typeof expectedOf>>) =>
  [0, 1, 2].map((i) => Float32Array.from(numbers(expected, `in.waveform_${i}`)));

describeGolden('CLAP', () => {
  describeBackends('against transformers', () => {
    it('embeds samples, files and texts', async () => {
      const expected = await expectedOf();
      const { texts } = await goldenJson<{ texts: string[] }>('oracles2/clap/texts.json');
      const waves = samplesOf(expected);
      await expectNoLeak(async () => {
        using space = await open<TextAndAudio>(await folder());
        expect([space.architecture, space.modalities, space.dim]).toEqual(['clap', ['text', 'audio'], 16]);
        const sounds = await space.embed(
          'audio',
          waves.map((samples) => ({ samples, sampleRate: 4000 })),
        );
        expectClose(sounds.data, numbers(expected, 'audio_embeds'), 1e-5);
        const files = await space.embed(
          'audio',
          waves.map((samples) => wav(samples, 4000)),
          { batchSize: 2 },
        );
        expect(files.data).toEqual(sounds.data);
        const rows = await space.embed('text', texts);
        expectClose(rows.data, numbers(expected, 'text_embeds'), 1e-5);
        const batch = {
          ...textBatch(expected.get('in.input_ids')!),
          mask: textBatch(expected.get('in.attention_mask')!).ids,
        };
        expect((await space.encode('text', batch)).data).toEqual(rows.data);
        const spectra = Float32Array.from(numbers(expected, 'in.input_features'));
        const encoded = await space.encode('audio', { spectra, shape: [3, 201, 16] });
        expectClose(encoded.data, numbers(expected, 'audio_embeds'), 1e-5);
      });
    });
  });

  it('takes one sound without a list, and tells of those that cannot be read', async () => {
    const [first] = samplesOf(await expectedOf());
    using space = await open(await folder(), { architectures: [hfClap], backend: 'cpu' });
    const sound = { samples: first!, sampleRate: 4000 };
    const alone = await space.embed('audio', sound);
    const skipped: (readonly [string, string, number])[] = [];
    const wrong = [
      { samples: first!, sampleRate: 0 },
      wav(new Float32Array(0), 4000),
      wav(Float32Array.of(Number.NaN), 4000),
      new Blob(['OggS']),
      given(null),
      given({ samples: [1], sampleRate: 4000 }),
    ];
    const rows = await space.embed('audio', [...wrong, sound], {
      onSkip: ({ code, where }, i) => skipped.push([code, where, i]),
    });
    expect(rows.data).toEqual(alone.data);
    expect(skipped.map(([code, , i]) => [code, i])).toEqual(wrong.map((_, i) => ['INPUT_INVALID', i]));
    expect(skipped[0]![1]).toBe('sound: sampleRate');
    await expect(space.embed('audio', sound, { prompt: 'a' })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(space.embed('audio', given(3))).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  it('resamples files and samples of other rates, of which no more is read than counts', async () => {
    const [first] = samplesOf(await expectedOf());
    using space = await open(await folder(), { architectures: [hfClap], backend: 'cpu' });
    // Twelve seconds, of which the model hears two.
    const long = new Float32Array(9000 * 12);
    for (let i = 0; i < long.length; i++) long[i] = first![Math.floor((i * 4) / 9) % first!.length]!;
    const there = resample({ samples: long, sampleRate: 9000 }, { sampleRate: 4000 });
    const rows = await space.embed('audio', [there, { samples: long, sampleRate: 9000 }, wav(long, 9000)]);
    const of = (i: number) => rows.data.subarray(16 * i, 16 * (i + 1));
    expect(of(1)).toEqual(of(0));
    expect(of(2)).toEqual(of(0));
  });

  it('gives a FLAC file the row of the WAV file of its samples, to the bit', async () => {
    const bytes = (base64: string) => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    using space = await open(await folder(), { architectures: [hfClap], backend: 'cpu' });
    const embed = async (kind: 'flac' | 'wav') => {
      const files = recordings.map((one) => bytes(one[kind]));
      return (await space.embed('audio', [...files, new Blob([files[1]!])])).data;
    };
    const rows = await embed('flac');
    expect(rows).toEqual(await embed('wav'));
    // Each recording is another.
    expect(new Set(recordings.map((_, i) => rows[16 * i])).size).toBe(recordings.length);
    expect(rows.subarray(16 * 4)).toEqual(rows.subarray(16, 32));
  });

  it.each<[string, string, Readonly<Record<string, object>>]>([
    ['UNSUPPORTED', 'enable_fusion', { 'config.json': { audio_config: { enable_fusion: true } } }],
    ['UNSUPPORTED', 'patch_stride', { 'config.json': { audio_config: { patch_size: 4, patch_stride: [2, 2] } } }],
    ['UNSUPPORTED', 'qkv_bias', { 'config.json': { audio_config: { qkv_bias: false } } }],
    ['CONFIG_INVALID', 'num_attention_heads', { 'config.json': { audio_config: { depths: [2] } } }],
    ['CONFIG_INVALID', 'spec_size', { 'config.json': { audio_config: { spec_size: 2048 } } }],
    ['CONFIG_INVALID', 'bins', { 'config.json': {}, 'preprocessor_config.json': { feature_size: 8 } }],
    ['CONFIG_INVALID', 'frames', { 'preprocessor_config.json': { hop_length: 20 } }],
    ['UNSUPPORTED', 'truncation', { 'preprocessor_config.json': { truncation: 'fusion' } }],
    ['UNSUPPORTED', 'position_embedding_type', { 'config.json': { text_config: { position_embedding_type: 'rel' } } }],
    ['CHECKPOINT_MISMATCH', 'linear1', { 'config.json': { projection_dim: 8 } }],
  ])('%s: %s', async (code, message, changed) => {
    await expect(open(await folder(changed), { backend: 'cpu' })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });
});
