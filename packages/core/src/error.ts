import { withoutPasswords } from './address.ts';
import { printable } from './printable.ts';

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

/**
 * The one error class of diptych. The message says what, where, expected and got, and is printable, without passwords of
 * addresses and at most a page long, whatever it quotes.
 */
export class EmbeddingError extends Error {
  override readonly name = 'EmbeddingError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(printable(shortened(withoutPasswords(message))), options);
    this.code = code;
  }
}

function shortened(message: string): string {
  if (message.length <= maxMessage) return message;
  return `${message.slice(0, maxMessage - 500)} … ${message.slice(-500)}`;
}
