import { createRoute, type z } from '@hono/zod-openapi';

/** A POST of one JSON body that answers another. */
export function jsonRoute<Body extends z.ZodType, Answer extends z.ZodType>(
  path: string,
  { summary, body, answer, tag }: { summary: string; body: Body; answer: Answer; tag: string },
) {
  return createRoute({
    method: 'post',
    path,
    summary,
    tags: [tag],
    request: { body: { content: { 'application/json': { schema: body } }, required: true } },
    responses: {
      200: { description: 'Answered.', content: { 'application/json': { schema: answer } } },
      400: { description: 'The body is not what the format says.' },
      401: { description: 'No key, or an unknown one.' },
      404: { description: 'No such model.' },
      413: { description: 'More bytes, letters, pixels or items than are allowed.' },
      422: { description: 'An item that cannot be embedded.' },
      429: { description: 'The line is full; `Retry-After` says when to come again.' },
      503: { description: 'The model cannot answer at the moment.' },
      504: { description: 'The deadline has passed.' },
    },
  });
}
