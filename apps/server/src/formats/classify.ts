import { randomUUID } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import { item, modalities, partOf } from './content.ts';
import { jsonRoute } from './json-route.ts';
import type { AddRoutes } from './route-context.ts';

const body = z
  .object({
    model: z.string().optional(),
    input: z.union([item, z.array(item).min(1).max(2048)]),
    labels: z.array(z.string().min(1), { error: 'expected the labels to choose from' }).min(1).max(2048),
    modality: modalities.optional(),
  })
  .openapi('ClassifyRequest');

const answer = z
  .object({
    object: z.literal('classify'),
    id: z.string(),
    model: z.string(),
    data: z.array(z.array(z.object({ label: z.string(), score: z.number() }))),
    usage: z.object({ prompt_tokens: z.int(), total_tokens: z.int() }),
    created: z.int(),
  })
  .openapi('ClassifyAnswer');

const route = jsonRoute('/classify', {
  summary: "Which of the labels fits, zero-shot, in infinity's form. Strings are images unless the modality says text.",
  body,
  answer,
  tag: 'classify',
});

export const addClassify: AddRoutes = (api, service) => {
  api.openapi(route, async (c) => {
    const { input, labels, modality = 'image', model: asked } = c.req.valid('json');
    const inputs = (Array.isArray(input) ? input : [input]).map((one) => [partOf(one, modality)]);
    const { model, results, usage } = await service.classify({ model: asked, inputs, labels }, c.get('until'));
    return c.json(
      {
        object: 'classify' as const,
        id: randomUUID(),
        model,
        data: results.map((predictions) => predictions.map(({ label, score }) => ({ label, score }))),
        usage: { prompt_tokens: usage.tokens, total_tokens: usage.tokens },
        created: Math.floor(Date.now() / 1000),
      },
      200,
    );
  });
};
