import { randomUUID } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import { item, partOf } from './content.ts';
import { jsonRoute } from './json-route.ts';
import type { AddRoutes } from './route-context.ts';

const body = z
  .object({
    model: z.string().optional(),
    query: item,
    documents: z.array(item).min(1).max(2048),
    top_n: z.int().positive().optional(),
    return_documents: z.boolean().optional(),
    raw_scores: z.boolean().optional(),
  })
  .openapi('RerankRequest');

const answer = z
  .object({
    object: z.literal('rerank'),
    id: z.string(),
    model: z.string(),
    results: z.array(
      z.object({
        index: z.int(),
        relevance_score: z.number(),
        document: z
          .union([z.object({ text: z.string() }), z.object({ image: z.string() }), z.object({ audio: z.string() })])
          .optional(),
      }),
    ),
    usage: z.object({ prompt_tokens: z.int(), total_tokens: z.int() }),
    created: z.int(),
  })
  .openapi('RerankAnswer');

/** `relevance_score` is the cosine; the best first, equal ones in their order. */
export const addRerank: AddRoutes = (api, service) => {
  for (const path of ['/rerank', '/v1/rerank', '/v2/rerank']) {
    const route = jsonRoute(path, { summary: 'Texts, images or sounds against a query.', body, answer, tag: 'rerank' });
    api.openapi(route, async (c) => {
      const { model: asked, query, documents, top_n, return_documents = false } = c.req.valid('json');
      const parts = [query, ...documents].map((one) => partOf(one));
      const { model, rows, usage } = await service.embed(
        { model: asked, inputs: parts.map((part) => [part]) },
        c.get('until'),
      );
      const dim = rows.shape[1];
      const results = documents.map((_, index) => {
        let relevance_score = 0;
        for (let k = 0; k < dim; k++) relevance_score += rows.data[k]! * rows.data[(index + 1) * dim + k]!;
        return { index, relevance_score, ...(return_documents && { document: parts[index + 1]! }) };
      });
      results.sort((a, b) => b.relevance_score - a.relevance_score || a.index - b.index);
      return c.json(
        {
          object: 'rerank' as const,
          id: randomUUID(),
          model,
          results: results.slice(0, top_n),
          usage: { prompt_tokens: usage.tokens, total_tokens: usage.tokens },
          created: Math.floor(Date.now() / 1000),
        },
        200,
      );
    });
  }
};
