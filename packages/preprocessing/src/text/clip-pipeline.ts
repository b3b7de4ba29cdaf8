import type { Json } from './config-file.ts';

const normalizer = {
  type: 'Sequence',
  normalizers: [
    { type: 'NFC' },
    { type: 'Replace', pattern: { Regex: String.raw`\s+` }, content: ' ' },
    { type: 'Lowercase' },
  ],
};
const pieces = String.raw`<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+`;
const preTokenizer = {
  type: 'Sequence',
  pretokenizers: [
    { type: 'Split', pattern: { Regex: pieces }, behavior: 'Removed', invert: true },
    { type: 'ByteLevel', add_prefix_space: false, use_regex: true },
  ],
};
const postProcessor = { type: 'RobertaProcessing', sep: ['<|endoftext|>'], cls: ['<|startoftext|>'] };
const model = { continuing_subword_prefix: '', ignore_merges: false, dropout: null };

/** Whether a `tokenizer.json` says of texts what CLIP's own tokenizer does anyway. */
export function isClipPipeline(json: Json): boolean {
  return (
    holds(json['normalizer'], normalizer) &&
    holds(json['pre_tokenizer'], preTokenizer) &&
    holds(json['post_processor'], postProcessor) &&
    holds({ ...model, ...(json['model'] as Json) }, model)
  );
}

/** Whether a value has all that is wanted; `use_regex` is true where a file does not say. */
function holds(value: unknown, wanted: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return value === wanted;
  if (typeof value !== 'object' || value === null) return false;
  const found: Json = { use_regex: true, ...value };
  return Object.entries(wanted).every(([key, each]) => holds(found[key], each));
}
