import { randomUUID } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import type { Embeddings } from '@diptych/core';
import { HttpProblem } from '../http/problem.ts';
import { contentInput, inputOf } from './content.ts';
import { base64Rows, numberRows } from './encode-rows.ts';
import { jsonRoute } from './json-route.ts';
import type { AddRoutes } from './route-context.ts';

const types = z.enum(['float', 'int8', 'uint8', 'binary', 'ubinary', 'base64']);

const body = z
  .object({
    model: z.string().optional(),
    input_type: z.string().optional(),
    texts: z.array(z.string()).max(2048).optional(),
    images: z.array(z.string()).max(2048).optional(),
    inputs: z.array(contentInput).max(2048).optional(),
    embedding_types: z.array(types).optional(),
    output_dimension: z.int().positive().optional(),
    truncate: z.enum(['NONE', 'START', 'END']).optional(),
    max_tokens: z.int().positive().optional(),
  })
  .openapi('CohereEmbedRequest');

const answer = z
  .object({
    id: z.string(),
    response_type: z.literal('embeddings_by_type'),
    embeddings: z.record(types, z.union([z.array(z.array(z.number())), z.array(z.string())])),
    texts: z.array(z.string()),
    meta: z.object({
      api_version: z.object({ version: z.string() }),
      billed_units: z.object({ input_tokens: z.int(), images: z.int() }),
    }),
  })
  .openapi('CohereEmbedAnswer');

const route = jsonRoute('/v2/embed', { summary: "Embeddings in Cohere's format.", body, answer, tag: 'embeddings' });

export const addCohere: AddRoutes = (api, service) => {
  api.openapi(route, async (c) => {
    const asked = c.req.valid('json');
    const { texts = [], images = [], inputs = [], embedding_types = ['float'], truncate } = asked;
    if ([texts, images, inputs].filter((list) => list.length > 0).length !== 1) {
      throw cannot('expected one of texts, images and inputs');
    }
    const all = [
      ...texts.map((text) => [{ text }]),
      ...images.map((image) => [{ image }]),
      ...inputs.map((input) => inputOf(input)),
    ];
    const { rows, usage } = await service.embed(
      {
        model: asked.model,
        inputs: all,
        dimensions: asked.output_dimension,
        truncate,
        maxTokens: asked.max_tokens,
      },
      c.get('until'),
    );
    return c.json(
      {
        id: randomUUID(),
        response_type: 'embeddings_by_type' as const,
        embeddings: Object.fromEntries(embedding_types.map((type) => [type, encoded(rows, type)])),
        texts,
        meta: {
          api_version: { version: '2' },
          billed_units: { input_tokens: usage.tokens, images: usage.images },
        },
      },
      200,
    );
  });
};

function encoded(rows: Embeddings, type: z.infer<typeof types>): number[][] | string[] {
  if (type === 'base64') return base64Rows(rows);
  return numberRows(rows, type === 'float' ? 'float32' : type);
}

function cannot(message: string): HttpProblem {
  return new HttpProblem(400, 'unsupported', message);
}
