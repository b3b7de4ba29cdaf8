import { describeGolden, goldenJson, goldenText } from '@diptych/golden';
import { expect, it } from 'vitest';
import { clipTokenizer } from '../../src/index.ts';
import { cleanOpenai } from '../../src/text/clip-clean.ts';
import { jsonFiles, openaiFiles, pairFiles } from './clip-files.ts';
import { rows } from './rows.ts';

const hf = 'tokenizers/clip-hf';
const tiny = 'oracles/tokenizers/tiny_clip_bpe';
const sot = 49_406;
const eot = 49_407;

interface Case {
  readonly text: string;
  readonly ids: readonly number[];
}

describeGolden('CLIP tokenizer, reference ids', () => {
  it('equals transformers and open_clip on the oracle, in every file layout', async () => {
    interface Oracle extends Case {
      readonly openai_ids: number[];
      readonly hf_ids: number[];
    }
    const { cases } = await goldenJson<{ cases: Oracle[] }>('oracles/tokenizers/clip_bpe_cases.json');
    const texts = cases.map(({ text }) => text);
    for (const files of [await jsonFiles(hf), await pairFiles(hf)]) {
      expect(rows(clipTokenizer(files)(texts))).toEqual(cases.map((c) => c.hf_ids.slice(0, c.hf_ids.indexOf(eot) + 1)));
      const unmasked = clipTokenizer(files)(texts).ids;
      const padded = cases.flatMap((c) => [...c.hf_ids, ...Array<number>(77).fill(eot)].slice(0, 77));
      expect([...unmasked]).toEqual(padded);
    }
    const openClip = clipTokenizer(await openaiFiles(), { literals: ['<start_of_text>', '<end_of_text>'] })(texts);
    expect([...openClip.ids]).toEqual(
      cases.flatMap((c) => [...c.openai_ids, ...Array<number>(77).fill(0)].slice(0, 77)),
    );
  });

  it('equals OpenAI on the 5,000 captions of Flickr8k, in every file layout', async () => {
    const lines = (await goldenText('tokenizers/clip-golden-flickr8k-test.jsonl')).trim().split('\n');
    const cases = lines.map((line) => JSON.parse(line) as Case);
    expect(cases.length).toBe(5000);
    const want = cases.map(({ ids }) => [sot, ...ids, eot]);
    for (const files of [await jsonFiles(hf), await pairFiles(hf), await openaiFiles()]) {
      expect(rows(clipTokenizer(files)(cases.map(({ text }) => text)))).toEqual(want);
    }
  });

  it('equals OpenAI without ftfy on the tricky strings', async () => {
    const { cases } = await goldenJson<{ cases: Case[] }>('tokenizers/clip-golden-tricky.json');
    const clean = (text: string): string => cleanOpenai(text, (unrepaired) => unrepaired);
    const encode = clipTokenizer(await openaiFiles(), { clean, contextLength: 200 });
    const { ids } = encode(cases.map(({ text }) => text));
    const padded = cases.map((c) => [sot, ...c.ids, eot, ...Array<number>(200).fill(0)].slice(0, 200));
    expect([...ids]).toEqual(padded.flat());
  });

  it('equals another project on its own cases', async () => {
    type Cases = Readonly<Record<string, Case>>;
    const golden = await goldenJson<Record<string, Cases>>('golden/tokenizers/transformersjs-clip.json');
    const cases = Object.values(golden['Xenova/clip-vit-base-patch16']!);
    const encode = clipTokenizer(await jsonFiles(hf), { contextLength: 200 });
    expect(rows(encode(cases.map(({ text }) => text)))).toEqual(cases.map(({ ids }) => ids));

    const padded = { ...(await pairFiles(hf)), specialTokensMap: { pad_token: '!' } };
    const owlvit = Object.values(golden['Xenova/owlvit-base-patch32']!);
    expect(rows(clipTokenizer(padded)(owlvit.map(({ text }) => text)))).toEqual(owlvit.map(({ ids }) => ids));
  });

  it('pads, truncates and batches as both references do with a small vocabulary', async () => {
    interface Tiny {
      readonly context_length: number;
      readonly eos: number;
      readonly cases: readonly (Case & { readonly padded_openai: number[] })[];
    }
    const { cases, eos, context_length: contextLength } = await goldenJson<Tiny>(`${tiny}/cases.json`);
    const texts = cases.map(({ text }) => text);
    for (const files of [await jsonFiles(tiny), await pairFiles(tiny)]) {
      expect([...clipTokenizer(files, { contextLength, clean: 'openai' })(texts).ids]).toEqual(
        cases.flatMap((c) => c.padded_openai),
      );
      const hfPadded = cases.flatMap((c) => [...c.ids, ...Array<number>(16).fill(eos)].slice(0, 16));
      expect([...clipTokenizer(files, { contextLength })(texts).ids]).toEqual(hfPadded);
    }
  });
});
