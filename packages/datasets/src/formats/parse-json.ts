import { invalid } from '../invalid.ts';
import type { Row } from './columns.ts';

export function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw invalid(where, `expected JSON, got '${text.slice(0, 40)}'`, cause);
  }
}

/** A JSON object, which a list and `null` are not. */
export function parseRow(text: string, where: string): Row {
  const value = parseJson(text, where);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Row;
  throw invalid(where, `expected a JSON object, got '${text.slice(0, 40)}'`);
}
