import { blobFiles } from '@diptych/files';
import { describeGolden, goldenBytes, goldenJson } from '@diptych/golden';
import { describeBackends, expectClose, expectNoLeak, imageBatch, numbers, readTensors } from '@diptych/testkit';
import { expect, it } from 'vitest';
import { open } from '../src/index.ts';

const [folder, expectedFile] = ['oracles2/metaclip2', 'oracles2/metaclip2/expected.safetensors'];
const tokens = ['tokenizer.json', 'tokenizer_config.json', 'special_tokens_map.json'];
const hf = ['config.json', 'preprocessor_config.json', 'model.safetensors', ...tokens];

async function files(kind: string, names: readonly string[], config?: string) {
  const blobs = names.map(async (name) => {
    const from = name === 'config.json' && config ? config : name;
    return [name, new Blob([await goldenBytes(`${folder}/${kind}/${from}`)])] as const;
  });
  return blobFiles(Object.fromEntries(await Promise.all(blobs)), kind);
}

describeGolden('MetaCLIP 2', () => {
  describeBackends('against its references', () => {
    it.each([
      ['hf', 'clip', hf],
      ['open_clip', 'open_clip', ['open_clip_config.json', 'open_clip_model.safetensors', ...tokens]],
    ] as const)(
      '%s gives its rows, texts read at the first end and no larger id',
      async (kind, architecture, names) => {
        const expected = await readTensors(expectedFile);
        const { texts } = await goldenJson<{ texts: string[] }>(`${folder}/hf/texts.json`);
        await expectNoLeak(async () => {
          using space = await open(await files(kind, names));
          expect(space.architecture).toBe(architecture);
          const images = await space.encode('image', imageBatch(expected.get('in.pixel_values')!));
          expectClose(images.data, numbers(expected, 'image_embeds'), 1e-5);
          // The seventh row has two ends.
          const ids = Int32Array.from(numbers(expected, 'in.input_ids').slice(0, 7 * 20));
          const mask = Int32Array.from(numbers(expected, 'in.attention_mask').slice(0, 7 * 20));
          const rows = await space.encode('text', { ids, mask, shape: [7, 20] });
          expectClose(rows.data, numbers(expected, 'text_embeds').slice(0, 7 * 16), 1e-5);
          const read = await space.embed('text', texts);
          expectClose(read.data, numbers(expected, 'text_embeds').slice(0, 6 * 16), 1e-5);
          const endless = { ids: Int32Array.of(0, 5, 6), mask: Int32Array.of(1, 1, 1), shape: [1, 3] } as const;
          await expect(space.encode('text', endless)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
        });
      },
    );

    it('hf has the activation that its configuration says', async () => {
      const expected = await readTensors(expectedFile);
      using space = await open(await files('hf', hf, 'config_gelu.json'));
      const images = await space.encode('image', imageBatch(expected.get('in.pixel_values')!));
      expectClose(images.data, numbers(expected, 'gelu.image_embeds'), 1e-5);
    });
  });
});
