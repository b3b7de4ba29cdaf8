import { type ConfigReader, type Preprocessor, refuseSettings, type TextBatch } from '@diptych/core';
import type { Files } from '@diptych/files';
import { type FoundFiles, tokenizerOf } from '../tokenizer-of.ts';

/** How open_clip spells the special tokens in a text. */
const literals = ['<start_of_text>', '<end_of_text>'] as const;

/** Positions and tokens that the network knows. */
interface TextSizes {
  readonly contextLength: number;
  readonly vocabSize: number;
}

/**
 * The tokenizer of `text_cfg`: open_clip's own, or where it names one that of Hugging Face, which open_clip gives repaired
 * texts.
 */
export async function openClipTokenizer(
  text: ConfigReader,
  files: Files,
  { contextLength, vocabSize }: TextSizes,
  signal?: AbortSignal,
): Promise<Preprocessor<string, TextBatch>> {
  const { clipTokenizer, openClipClean, parseTokenizer } = await import('@diptych/preprocessing/text');
  const kwargs = kwargsOf(text);
  if (text.string('hf_tokenizer_name', '') === '') {
    const clean = kwargs.choice('clean', openClipClean, 'lower');
    const sizes = { contextLength, vocabSize };
    const make = (found: FoundFiles) => clipTokenizer(found, { ...sizes, clean, literals });
    return tokenizerOf(files, ['vocab', 'merges'], make, signal);
  }
  const clean = kwargs.choice('clean', openClipClean, 'whitespace');
  return tokenizerOf(
    files,
    ['spiece'],
    (found) => {
      const tokenizer = parseTokenizer(found, { contextLength, vocabSize, padding: 'max_length' });
      return {
        inTurns: async (texts, stop) =>
          tokenizer.inTurns(
            texts.map((one) => clean(one)),
            stop,
          ),
      };
    },
    signal,
  );
}

/** The tokenizer of a SigLIP, which reads texts without punctuation. */
export async function openSiglipTokenizer(
  text: ConfigReader,
  files: Files,
  sizes: TextSizes,
  signal?: AbortSignal,
): Promise<Preprocessor<string, TextBatch>> {
  const kwargs = kwargsOf(text);
  if (kwargs.string('clean', '') !== 'canonicalize') return openClipTokenizer(text, files, sizes, signal);
  const { siglipTokenizer } = await import('@diptych/preprocessing/text');
  const { contextLength, vocabSize } = sizes;
  return tokenizerOf(
    files,
    ['spiece'],
    (found) => siglipTokenizer(found, { contextLength, vocabSize, clean: 'open_clip' }),
    signal,
  );
}

/** `tokenizer_kwargs`. What else a tokenizer takes in open_clip is refused. */
function kwargsOf(text: ConfigReader): ConfigReader {
  const kwargs = text.object('tokenizer_kwargs');
  const neutral = { strip_sep_token: [false], reduction_mask: [''] };
  refuseSettings(kwargs, neutral);
  kwargs.only('clean', ...Object.keys(neutral));
  return kwargs;
}
