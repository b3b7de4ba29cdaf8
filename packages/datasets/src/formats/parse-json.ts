import { type JsonKind, parseJson as parse, parseJsonObject } from '@diptych/core';
import type { Row } from './columns.ts';

/** One sample. A caption may be a whole article. */
const rowJson: JsonKind = { code: 'INPUT_INVALID', maxBytes: 2 ** 26, maxValues: 2 ** 20, maxLong: Infinity };

export function parseJson(text: string, where: string): unknown {
  return parse(text, where, rowJson);
}

/** A JSON object, which a list and `null` are not. */
export function parseRow(text: string, where: string): Row {
  return parseJsonObject(text, where, rowJson);
}
