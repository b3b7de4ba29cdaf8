import { blobFiles, type Files } from '@diptych/files';
import { describeGolden, goldenBytes } from '@diptych/golden';
import { expect, it } from 'vitest';
import { download, knownModels } from '../src/index.ts';
import golden from './golden/clap-manifest.json' with { type: 'json' };
import { type Manifest, type Stored, valuesIn, withHeaders } from './manifests/grown.ts';

const arrays: ReadonlyMap<string, Stored> = new Map(Object.entries(golden.arrays));

/** Ranges of whole numbers, the count of batches, and what only training of the texts used. */
const unused = /(_ids|_index|num_batches_tracked|^logit_scale_t)$/;

/** As published, but for the words of its tokenizer. */
async function filesOf(manifest: Manifest): Promise<Files> {
  const own = ['preprocessor_config_published.json', 'tokenizer.json', 'tokenizer_config.json'];
  const blobs = own.map(
    async (name) => [name.replace('_published', ''), new Blob([await goldenBytes(`oracles2/clap/${name}`)])] as const,
  );
  const config = ['config.json', new Blob([JSON.stringify(golden.config)])] as const;
  const files = blobFiles(Object.fromEntries([config, ...(await Promise.all(blobs))]), 'clap-htsat-unfused');
  return withHeaders(files, new Map([['model.safetensors', manifest]]));
}

describeGolden("the arrays of transformers' CLAP of published size", () => {
  it('are all there is, and as many numbers as are told of it', async () => {
    await expect(download(await filesOf(arrays))).resolves.toBeUndefined();
    const read = [...arrays].filter(([name]) => !unused.test(name));
    const count = read.reduce((sum, [, { shape }]) => sum + valuesIn(shape), 0);
    const told = knownModels.find(({ model }) => model === 'laion/clap-htsat-unfused')?.parameters;
    // Beside what is trained, the statistics of 64 bins; without the scale of texts.
    expect([count, count]).toEqual([told, golden.parameters + 2 * 64 - 1]);
  });

  it.each([...arrays.keys()].filter((name) => !unused.test(name)).filter((_, i) => i % 40 === 0))(
    'are refused without %s, or with it in another shape',
    async (name) => {
      const { dtype, shape } = arrays.get(name)!;
      const without = new Map([...arrays].filter(([own]) => own !== name));
      const other = new Map([...arrays, [name, { dtype, shape: [...shape, 2] }]]);
      for (const wrong of [without, other]) {
        const message = expect.stringContaining(name);
        await expect(download(await filesOf(wrong))).rejects.toMatchObject({ code: 'CHECKPOINT_MISMATCH', message });
      }
    },
  );

  it('are refused with one too many', async () => {
    const surplus = new Map([...arrays, ['surplus', { dtype: 'F32', shape: [3] }]]);
    const message = expect.stringContaining('surplus');
    await expect(download(await filesOf(surplus))).rejects.toMatchObject({ code: 'CHECKPOINT_MISMATCH', message });
  });
});
