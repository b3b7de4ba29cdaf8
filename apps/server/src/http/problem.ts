import { EmbeddingError, type ErrorCode } from '@diptych/core';

/** Why a request is not answered as it wished. */
export class HttpProblem extends Error {
  readonly status: number;
  /** As OpenAI's clients branch on it. */
  readonly code: string;
  /** The field that is at fault. */
  readonly param: string | undefined;
  /** Seconds after which it is worth another try. */
  readonly retryAfter: number | undefined;

  constructor(
    status: number,
    code: string,
    message: string,
    { param, retryAfter, cause }: { param?: string | undefined; retryAfter?: number; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.status = status;
    this.code = code;
    this.param = param;
    this.retryAfter = retryAfter;
  }
}

const statusOf: { readonly [C in ErrorCode]?: number } = {
  INPUT_INVALID: 422,
  IMAGE_INVALID: 422,
  IMAGE_TOO_LARGE: 413,
  SHAPE_MISMATCH: 422,
  UNSUPPORTED: 422,
  BACKEND_UNAVAILABLE: 503,
  OUT_OF_MEMORY: 503,
  DISPOSED: 503,
};

/** Whatever was thrown, as the problem of a request. What we did not foresee says nothing of itself. */
export function problemOf(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  const status = error instanceof EmbeddingError ? statusOf[error.code] : undefined;
  if (error instanceof EmbeddingError && status !== undefined) {
    return new HttpProblem(status, error.code.toLowerCase(), error.message, {
      cause: error,
      ...(status === 503 && { retryAfter: 1 }),
    });
  }
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return new HttpProblem(504, 'deadline_exceeded', 'The deadline of the request has passed.', { cause: error });
  }
  if (error instanceof Error && 'status' in error && typeof error.status === 'number' && error.status < 500) {
    return new HttpProblem(error.status, 'invalid_request', error.message || 'The request cannot be read.');
  }
  return new HttpProblem(500, 'internal_error', 'Something went wrong here.', { cause: error });
}

/** Nobody reads it: it is for those who count. 499 is what others who stand before servers write of it. */
export function clientGone(cause: unknown): HttpProblem {
  return new HttpProblem(499, 'client_gone', 'The client has left, or took too long to say what it wants.', { cause });
}

/** The body that clients of the format at `path` read errors from. */
export function problemBody(path: string, { status, message, code, param }: HttpProblem): object {
  if (path.startsWith('/v2/')) return { message };
  if (path.startsWith('/v1/multimodalembeddings')) return { detail: message };
  const type = status >= 500 ? 'server_error' : 'invalid_request_error';
  const error = { message, type: status === 429 ? 'rate_limit_error' : type, param: param ?? null, code };
  return path.endsWith('/rerank') ? { error, message, detail: message } : { error };
}
