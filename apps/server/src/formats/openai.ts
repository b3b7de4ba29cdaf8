import { z } from '@hono/zod-openapi';
import type { Embeddings, Precision } from '@diptych/core';
import type { Input } from '../embed-service.ts';
import { HttpProblem } from '../http/problem.ts';
import { item, modalities, partOf, truncateOf } from './content.ts';
import { base64Rows, numberRows } from './encode-rows.ts';
import { jsonRoute } from './json-route.ts';
import type { Modality } from '../models/messages.ts';
import type { AddRoutes } from './route-context.ts';

/** Inputs that a request of OpenAI may have. */
const maxInputs = 2048;

const body = z
  .object({
    input: z.union([item, z.array(item).min(1).max(maxInputs)], {
      error: 'expected a text, { text }, { image }, { audio }, or a list of them; lists of tokens are not taken',
    }),
    model: z.string().optional(),
    dimensions: z.int().positive().optional(),
    encoding_format: z.enum(['float', 'base64', 'binary', 'ubinary', 'int8', 'uint8']).optional(),
    embedding_type: z.enum(['float', 'base64', 'binary', 'ubinary', 'int8', 'uint8']).optional(),
    modality: modalities.optional(),
    normalized: z.boolean().optional(),
    task: z.string().optional(),
    truncate: z.boolean().optional(),
    user: z.string().optional(),
  })
  .openapi('EmbeddingsRequest');

const answer = z
  .object({
    object: z.literal('list'),
    data: z.array(
      z.object({
        object: z.literal('embedding'),
        index: z.int(),
        embedding: z.union([z.array(z.number()), z.string()]),
      }),
    ),
    model: z.string(),
    usage: z.object({ prompt_tokens: z.int(), total_tokens: z.int() }),
  })
  .openapi('EmbeddingsAnswer');

const route = jsonRoute('/v1/embeddings', {
  summary: "Embeddings in OpenAI's format, with Jina's inputs of images and sounds and infinity's modality.",
  body,
  answer,
  tag: 'embeddings',
});

export const addOpenAi: AddRoutes = (api, service) => {
  api.openapi(route, async (c) => {
    const asked = c.req.valid('json');
    const { dimensions, normalized, encoding_format, embedding_type } = asked;
    const format = embedding_type ?? encoding_format ?? 'float';
    const inputs = (Array.isArray(asked.input) ? asked.input : [asked.input]).map((one) =>
      inputOf(one, asked.modality),
    );
    const { model, rows, usage } = await service.embed(
      { model: asked.model, inputs, dimensions, normalize: normalized, truncate: truncateOf(asked.truncate) },
      c.get('until'),
    );
    const made = encoded(rows, format);
    return c.json(
      {
        object: 'list' as const,
        data: made.map((embedding, index) => ({ object: 'embedding' as const, index, embedding })),
        model,
        usage: { prompt_tokens: usage.tokens, total_tokens: usage.tokens },
      },
      200,
    );
  });
};

/** @throws {HttpProblem} 400 for an object of another kind than the request says. */
function inputOf(one: z.infer<typeof item>, modality: Modality | undefined): Input {
  if (typeof one === 'string' || modality === undefined || modality in one) return [partOf(one, modality)];
  throw cannot('modality', `an input of another kind than ${modality}`);
}

function encoded(rows: Embeddings, format: 'float' | 'base64' | Exclude<Precision, 'float32'>): (number[] | string)[] {
  if (format === 'base64') return base64Rows(rows);
  return numberRows(rows, format === 'float' ? 'float32' : format);
}

function cannot(param: string, message: string): HttpProblem {
  return new HttpProblem(400, 'unsupported', `${param}: ${message}`, { param });
}
