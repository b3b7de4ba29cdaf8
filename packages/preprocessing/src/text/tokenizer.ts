import {
  atOnce,
  checkSignal,
  expectItems,
  expectText,
  inTurns,
  pieces,
  type Steps,
  type TextBatch,
} from '@diptych/core';
import { invalid } from './config-file.ts';
import { letterCost } from './in-chunks.ts';

/**
 * Texts to one padded batch, in order; a `Preprocessor<string, TextBatch>` that answers at once. No item at all gives a
 * batch of `n = 0`; `cut` says which texts were too long.
 *
 * @throws {EmbeddingError} `INPUT_INVALID`, with the index, when an item is not a string.
 * @throws `signal.reason` when `signal` is aborted.
 */
export interface Tokenizer {
  (texts: readonly string[], signal?: AbortSignal): TextBatch;
  /**
   * The same batch, for texts of any length: the event loop turns, and the signal is heard, between texts and inside long
   * ones. A step that a `tokenizer.json` says of a whole text is one piece, of some 0.1 s for a million letters; so is
   * OpenAI's and open_clip's cleaning, of 0.1 to 0.3 s, and up to 0.9 s where every letter was misread.
   */
  readonly inTurns: (texts: readonly string[], signal?: AbortSignal) => Promise<TextBatch>;
}

/** `max_length` pads every row to the context length, `longest` to the longest row of the batch. */
export type Padding = 'max_length' | 'longest';

/** How rows of ids become a rectangle. */
export interface RowLayout {
  /** Ids to a row at most, start and end included. */
  readonly contextLength: number;
  readonly padding: Padding;
  readonly padId: number;
  /** Rows of the table that the network looks ids up in. */
  readonly vocabSize?: number | undefined;
}

/** A text as ids. */
export interface Row {
  /** Start and end included. */
  readonly ids: readonly number[];
  /** Whether the text was too long and has lost its end. */
  readonly isCut: boolean;
}

/** Ids that a row of one letter may be padded to. */
const maxPadded = 2 ** 16;

/**
 * A tokenizer from what one text becomes.
 *
 * @param encode Gives at most `layout.contextLength` ids of a text.
 * @param attended How many leading ids of a row get mask 1; all of them by default.
 * @throws {EmbeddingError} `CONFIG_INVALID` where every row would be padded to over 65,536 ids.
 */
export function tokenizer(
  encode: (text: string) => Steps<Row>,
  layout: RowLayout,
  attended: (row: readonly number[]) => number = (row) => row.length,
): Tokenizer {
  if (layout.padding === 'max_length' && layout.contextLength > maxPadded) {
    invalid('contextLength', `at most ${maxPadded} ids to pad every row to`, layout.contextLength);
  }
  function* batch(texts: readonly string[]): Steps<TextBatch> {
    const isFull = pieces();
    const rows: Row[] = [];
    for (const [index, text] of texts.entries()) {
      expectText(text, `texts[${index}]`);
      rows.push(yield* encode(text));
      if (isFull(text.length * letterCost)) yield;
    }
    return rectangle(rows, layout, attended);
  }
  const whole = (texts: readonly string[], signal?: AbortSignal): TextBatch => {
    expectItems(texts, 'tokenizer');
    checkSignal(signal);
    return atOnce(batch(texts));
  };
  return Object.assign(whole, {
    async inTurns(texts: readonly string[], signal?: AbortSignal): Promise<TextBatch> {
      expectItems(texts, 'tokenizer');
      return inTurns(batch(texts), signal);
    },
  });
}

function rectangle(
  rows: readonly Row[],
  { padding, contextLength, padId }: RowLayout,
  attended: (row: readonly number[]) => number,
): TextBatch {
  const longest = rows.reduce((max, row) => Math.max(max, row.ids.length), 0);
  const length = padding === 'max_length' ? contextLength : longest;
  const ids = new Int32Array(rows.length * length).fill(padId);
  const mask = new Int32Array(rows.length * length);
  for (const [i, row] of rows.entries()) {
    ids.set(row.ids, i * length);
    mask.fill(1, i * length, i * length + attended(row.ids));
  }
  const cut = Uint8Array.from(rows, ({ isCut }) => Number(isCut));
  return { ids, mask, ...(cut.includes(1) && { cut }), shape: [rows.length, length] };
}
