import { encodeSafetensors, openCheckpoint } from '@diptych/checkpoint';
import type { Embeddings } from '@diptych/core';
import { blobFiles } from '@diptych/files';
import { describeGolden, goldenBytes } from '@diptych/golden';
import { initializeModel } from '@diptych/nn';
import { describeBackends, expectClose, expectNoLeak } from '@diptych/testkit';
import { type EmbeddingSpace, open } from 'diptych';
import { expect, expectTypeOf, it } from 'vitest';
import { logMel } from '../src/log-mel.ts';
import { sound, soundConfig, soundSpec } from '../src/sound.ts';

async function files() {
  using model = initializeModel(soundSpec, 1);
  const tensors = [...model.variables].map(([name, variable]) => {
    return [name, { shape: variable.shape, data: variable.dataSync<'float32'>() }] as const;
  });
  return blobFiles({ 'model.safetensors': new Blob([encodeSafetensors(tensors)]) }, 'sounds');
}

/** A second of a tone. */
const tone = (hertz: number) =>
  Float32Array.from({ length: 4000 }, (_, i) => Math.sin((2 * Math.PI * hertz * i) / 4000));

describeGolden('log-mel spectra', () => {
  it('are those of transformers, for a whole sound, a repeated one and one with silence', async () => {
    const bytes = new Blob([await goldenBytes('oracles2/clap/expected.safetensors')]);
    const golden = await openCheckpoint(blobFiles({ 'model.safetensors': bytes }, 'clap'));
    const read = async (name: string) => Float32Array.from((await golden.read(name)).data as Float32Array);
    const features = await read('in.input_features');
    for (const i of [0, 1, 2]) {
      const spectra = logMel(await read(`in.waveform_${i}`), soundConfig);
      expectClose(spectra, features.subarray(i * spectra.length, (i + 1) * spectra.length), 1e-3);
    }
  });
});

describeBackends('a space of sounds', () => {
  it('embeds them by the name of their modality, as its types say', async () => {
    await expectNoLeak(async () => {
      using space = await open(await files(), { architectures: [sound] });
      expectTypeOf(space).toEqualTypeOf<EmbeddingSpace<{ sound: Float32Array }>>();
      expectTypeOf(space.embed<'sound'>)
        .parameter(0)
        .toEqualTypeOf<'sound'>();
      expect(space.modalities).toEqual(['sound']);
      const sounds = [tone(300), tone(310), tone(1500)];
      const rows: Embeddings = await space.embed('sound', sounds);
      expect(rows.shape).toEqual([3, 16]);
      const [, near, far] = space.similarity(rows, rows);
      expect(near).toBeGreaterThan(far!);
      const single = await space.embed('sound', sounds, { batchSize: 1 });
      expectClose(single.data, rows.data, 1e-5);
    });
  });

  it('leaves out what is no sound where someone hears of it', async () => {
    using space = await open(await files(), { architectures: [sound] });
    const skipped: number[] = [];
    const given = [tone(300), new Float32Array(0), tone(310)];
    const rows = await space.embed('sound', given, { onSkip: (_, index) => skipped.push(index) });
    expect([rows.shape, skipped]).toEqual([[2, 16], [1]]);
    await expect(space.embed('sound', given)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  it('takes no option that its tower does not know, and no other modality', async () => {
    using space = await open(await files(), { architectures: [sound] });
    await expect(space.embed('sound', [], { prompt: 'query: ' })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining("prompt: expected none for 'sound'"),
    });
    // @ts-expect-error there are no texts
    await expect(space.embed('text', ['a'])).rejects.toMatchObject({ code: 'UNSUPPORTED' });
  });
});
