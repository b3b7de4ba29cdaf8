import { canonicalizeOpenClip } from './canonicalize.ts';
import { cleanOpenai, repaired } from './clip-clean.ts';

/** What open_clip does to a text before its tokenizer sees it, by the `clean` of its `tokenizer_kwargs`. */
export const openClipClean: Readonly<Record<'lower' | 'whitespace' | 'canonicalize', (text: string) => string>> = {
  /** Repair, HTML entities, single spaces, lower case; of its own tokenizer by default. */
  lower: (text) => cleanOpenai(text),
  /** The same without lower case; before a tokenizer of Hugging Face by default. */
  whitespace: (text) => repaired(text),
  /** Lower case without punctuation, as SigLIP was trained. */
  canonicalize: canonicalizeOpenClip,
};
