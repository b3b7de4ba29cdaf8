import { withoutPasswords } from './address.ts';
import { printable } from './printable.ts';
import { quote } from './quote.ts';

/** What went wrong, to branch on. Closed: a new code is a minor release and a line in the README. */
export type ErrorCode =
  | 'BACKEND_UNAVAILABLE'
  | 'CHECKPOINT_INVALID'
  | 'CHECKPOINT_MISMATCH'
  | 'CONFIG_INVALID'
  | 'DISPOSED'
  | 'IMAGE_INVALID'
  | 'IMAGE_TOO_LARGE'
  | 'INPUT_INVALID'
  | 'NETWORK'
  | 'NOT_FOUND'
  | 'OUT_OF_MEMORY'
  | 'SHAPE_MISMATCH'
  | 'UNSUPPORTED';

/** Letters of a message; of a longer one its beginning and its end. */
const maxMessage = 4000;

/** What an error says; its text is `where: expected …, got …`, with the cure behind it where there is one. */
export interface Problem {
  /** The argument, field, file, address or array. */
  readonly where: string;
  readonly expected: string;
  /** A text as it stands; of an error what it says; anything else as `quote` shows it. */
  readonly got: unknown;
  /** What to do. */
  readonly cure?: string | undefined;
}

/**
 * The one error class of diptych. Its fields say where, what was expected and what it got, the message is made of them, and
 * all are printable, without passwords of addresses and at most a page long, whatever they quote.
 */
export class EmbeddingError extends Error implements Problem {
  override readonly name = 'EmbeddingError';
  readonly code: ErrorCode;
  declare readonly where: string;
  declare readonly expected: string;
  declare readonly got: string;
  declare readonly cure?: string;

  constructor(code: ErrorCode, problem: Problem, options?: ErrorOptions) {
    const fields = fieldsOf(problem);
    super(shortened(textOf(fields)), options);
    this.code = code;
    Object.assign(this, fields);
  }
}

function fieldsOf({ where, expected, got, cure }: Problem) {
  const fields = { where: shown(where), expected: shown(expected), got: shown(got) };
  return cure === undefined ? fields : { ...fields, cure: shown(cure) };
}

function textOf({ where, expected, got, cure }: ReturnType<typeof fieldsOf> & Pick<Problem, 'cure'>): string {
  return `${where}: expected ${expected}, got ${got}${cure === undefined ? '' : `; ${cure}`}`;
}

function shown(value: unknown): string {
  const said = value instanceof Error ? value.message || value.name : value;
  return printable(shortened(withoutPasswords(typeof said === 'string' ? said : quote(said))));
}

function shortened(message: string): string {
  if (message.length <= maxMessage) return message;
  return `${message.slice(0, maxMessage - 500)} … ${message.slice(-500)}`;
}
