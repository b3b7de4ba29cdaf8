import { OpenAPIHono, type z } from '@hono/zod-openapi';
import type { EmbedService } from '../embed-service.ts';
import { HttpProblem } from '../http/problem.ts';

/** What the application keeps for a request. */
export interface Variables {
  /** Aborted when nobody waits for the answer any more: the client has gone or the deadline has passed. */
  readonly until: AbortSignal;
  readonly requestId: string;
}

export interface Env {
  readonly Variables: Variables;
}

export type Api = OpenAPIHono<Env>;

/** Adds the routes of a wire format. */
export type AddRoutes = (api: Api, service: EmbedService) => void;

/** An application whose requests are checked by their schemas; what does not fit throws `HttpProblem`. */
export function newApi(): Api {
  return new OpenAPIHono<Env>({
    defaultHook: (result) => {
      if (!result.success) throw invalidBody(result.error);
    },
  });
}

function invalidBody({ issues }: z.core.$ZodError): HttpProblem {
  const [issue] = issues;
  const path = issue?.path.join('.') ?? '';
  const message = `${path === '' ? 'The body' : path}: ${issue?.message ?? 'it does not fit'}`;
  return new HttpProblem(400, 'invalid_request', message, { param: path === '' ? undefined : path });
}
