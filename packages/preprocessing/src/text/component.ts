import { EmbeddingError } from '@diptych/core';
import { escapeRegExp } from './added-tokens.ts';
import { libraryClasses } from './library-classes.ts';
import { type Json, jsonObject, string } from './config-file.ts';

/** Makes a part of a tokenizer from its entry in `tokenizer.json`. */
export type Maker<Part> = (config: Json, where: string) => Part;

/** The part of the type that an entry names. @throws {EmbeddingError} `UNSUPPORTED` when the table lacks it. */
export function component<Part>(makers: Readonly<Record<string, Maker<Part>>>, value: unknown, where: string): Part {
  const config = jsonObject(value, where);
  const type = string(config['type'], `${where}.type`);
  if (Object.hasOwn(makers, type)) return makers[type]!(config, where);
  const known = Object.keys(makers).join(', ');
  throw new EmbeddingError('UNSUPPORTED', `${where}: expected one of ${known}, got ${type}`);
}

/** A `pattern` entry: `{ String }` as it stands, or `{ Regex }`, whose classes are those of the library. */
export function pattern(value: unknown, where: string): RegExp {
  const config = jsonObject(value, where);
  if (config['String'] !== undefined) return new RegExp(escapeRegExp(string(config['String'], where)), 'gu');
  const regex = string(config['Regex'], where);
  try {
    return new RegExp(libraryClasses(regex), 'gu');
  } catch (cause) {
    throw new EmbeddingError('UNSUPPORTED', `${where}: expected a pattern that JavaScript has too, got ${regex}`, {
      cause,
    });
  }
}
