import { invalid } from './config-file.ts';
import { type Field, protobufFields } from './protobuf.ts';

/** A SentencePiece model, as `spiece.model` and `tokenizer.model` hold it. */
export interface SpieceModel {
  readonly kind: 'unigram' | 'bpe' | 'word' | 'char';
  /** In the order of their ids. */
  readonly pieces: readonly Piece[];
  /** Compiled normalisation table; empty where there is none. */
  readonly charsmap: Uint8Array;
  readonly addDummyPrefix: boolean;
  readonly removeExtraSpaces: boolean;
  readonly escapeSpaces: boolean;
}

export interface Piece {
  readonly text: string;
  /** Log probability, float32. */
  readonly score: number;
  readonly type: 'normal' | 'unknown' | 'control' | 'user' | 'unused' | 'byte';
}

const kinds = ['unigram', 'bpe', 'word', 'char'] as const;
const types = ['normal', 'unknown', 'control', 'user', 'unused', 'byte'] as const;
const name = 'spiece.model';
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** @throws {EmbeddingError} `CONFIG_INVALID` when the bytes are not a SentencePiece model. */
export function spieceModel(bytes: Uint8Array): SpieceModel {
  const fields = [...protobufFields(bytes, name)];
  const pieces = fields.filter(({ number }) => number === 1).map(piece);
  if (pieces.length === 0) invalid(name, 'pieces', 'none');
  const trainer = message(fields, 2);
  const normalizer = message(fields, 3);
  const kind = numberIn(trainer, 3, 1);
  const charsmap = last(normalizer, 2);
  return {
    kind: kinds[kind - 1] ?? invalid(`${name}, model_type`, '1 to 4', kind),
    pieces,
    charsmap: charsmap instanceof Uint8Array ? charsmap : new Uint8Array(),
    addDummyPrefix: numberIn(normalizer, 3, 1) === 1,
    removeExtraSpaces: numberIn(normalizer, 4, 1) === 1,
    escapeSpaces: numberIn(normalizer, 5, 1) === 1,
  };
}

function piece({ value }: Field, id: number): Piece {
  const where = `${name}, piece ${id}`;
  const fields = [...protobufFields(bytesOf(value, where), where)];
  const type = numberIn(fields, 3, 1);
  return {
    text: utf8.decode(bytesOf(last(fields, 1), where)),
    score: numberIn(fields, 2, 0),
    type: types[type - 1] ?? invalid(`${where}, type`, '1 to 6', type),
  };
}

function message(fields: readonly Field[], wanted: number): Field[] {
  const value = last(fields, wanted);
  return value === undefined ? [] : [...protobufFields(bytesOf(value, name), name)];
}

function last(fields: readonly Field[], wanted: number): Field['value'] | undefined {
  return fields.findLast((field) => field.number === wanted)?.value;
}

function numberIn(fields: readonly Field[], wanted: number, absent: number): number {
  const value = last(fields, wanted) ?? absent;
  return typeof value === 'number' ? value : invalid(`${name}, field ${wanted}`, 'a number', 'bytes');
}

function bytesOf(value: Field['value'] | undefined, where: string): Uint8Array {
  return value instanceof Uint8Array ? value : invalid(where, 'bytes', value);
}
