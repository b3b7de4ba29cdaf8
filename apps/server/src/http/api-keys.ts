import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { HttpProblem } from './problem.ts';

/** Lets in who knows a key, as `Authorization: Bearer …`. Every key is compared, each in the same time. */
export function apiKeys(keys: readonly string[]): MiddlewareHandler {
  const known = keys.map(digest);
  return async (c, next) => {
    const [, given = ''] = /^Bearer\s+(\S+)$/i.exec(c.req.header('authorization') ?? '') ?? [];
    const hash = digest(given);
    const isKnown = known.filter((key) => timingSafeEqual(key, hash)).length > 0;
    if (!isKnown) {
      const problem = new HttpProblem(401, 'invalid_api_key', 'An API key is needed: Authorization: Bearer …');
      c.header('WWW-Authenticate', 'Bearer');
      throw problem;
    }
    await next();
  };
}

/** Of one length, whatever the key's. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
