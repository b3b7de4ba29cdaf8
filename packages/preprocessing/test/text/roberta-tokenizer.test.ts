import { describeGolden, goldenJson, goldenText } from '@diptych/golden';
import { readTensors } from '@diptych/testkit';
import { expect, it } from 'vitest';
import { parseTokenizer } from '../../src/index.ts';

const folder = 'oracles2/clap';

describeGolden('RoBERTa tokenizer', () => {
  it('gives the ids of the reference, by either of its files', async () => {
    const { texts } = await goldenJson<{ texts: string[] }>(`${folder}/texts.json`);
    const expected = await readTensors(`${folder}/expected.safetensors`);
    const text = async (name: string) => goldenText(`${folder}/${name}`);
    const side = {
      tokenizerConfig: await text('tokenizer_config.json'),
      specialTokensMap: await text('special_tokens_map.json'),
    };
    const two = { vocab: await text('vocab.json'), merges: await text('merges.txt') };
    for (const files of [{ tokenizerJson: await text('tokenizer.json') }, two]) {
      const { ids, mask, shape } = parseTokenizer({ ...side, ...files })(texts);
      expect(shape).toEqual(expected.get('in.input_ids')!.shape);
      for (const [name, got] of [
        ['in.input_ids', ids],
        ['in.attention_mask', mask],
      ] as const)
        expect([...got]).toEqual(Array.from(expected.get(name)!.data as Iterable<bigint>, Number));
    }
  });
});
