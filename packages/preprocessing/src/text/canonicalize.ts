import { fixText } from './fix-text.ts';
import { unescapeHtml } from './unescape-html.ts';
import { pythonWords } from './white-space.ts';

/** SigLIP's cleaning in Hugging Face: lower case, no ASCII punctuation, white space to single spaces, none at the ends. */
export function canonicalizeHf(text: string): string {
  return canonicalizeCased(text.toLowerCase());
}

/** The same with letters left as they are. */
export function canonicalizeCased(text: string): string {
  return pythonWords(withoutPunctuation(text));
}

/** SigLIP's cleaning in open_clip: repair and HTML entities first, `_` is a space, then as above. */
export function canonicalizeOpenClip(text: string): string {
  return canonicalizeHf(unescapeHtml(unescapeHtml(fixText(text))).replaceAll('_', ' '));
}

function withoutPunctuation(text: string): string {
  return text.replace(/[!-/:-@[-`{-~]/g, '');
}
