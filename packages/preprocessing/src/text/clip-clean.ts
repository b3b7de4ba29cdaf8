import { fixText } from './fix-text.ts';
import { lowerEach } from './lower-each.ts';
import { normalForm } from './normal-form.ts';
import { unescapeHtml } from './unescape-html.ts';
import { collapseSpaces, pythonWords } from './white-space.ts';

const toNfc = normalForm('NFC');

/** What the Hugging Face tokenizer does first: NFC, white space to single spaces, lower case. */
export function cleanHf(text: string): string {
  return lowerEach(collapseSpaces(toNfc(text)));
}

/**
 * What OpenAI's and open_clip's tokenizers do first: repair, HTML entities twice, white space to single spaces, none at
 * the ends, lower case.
 *
 * @param repair The place of ftfy's `fix_text`.
 */
export function cleanOpenai(text: string, repair: (text: string) => string = fixText): string {
  return repaired(text, repair).toLowerCase();
}

/** The same in the case that the text has. */
export function repaired(text: string, repair: (text: string) => string = fixText): string {
  return pythonWords(unescapeHtml(unescapeHtml(repair(text))));
}
