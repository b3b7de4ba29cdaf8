import { z } from '@hono/zod-openapi';
import type { Embeddings } from '@diptych/core';
import { contentInput, inputOf, truncateOf } from './content.ts';
import { base64Rows, numberRows } from './encode-rows.ts';
import { jsonRoute } from './json-route.ts';
import type { AddRoutes } from './route-context.ts';

/** How Voyage counts images, https://docs.voyageai.com/docs/multimodal-embeddings. */
const pixelsPerToken = 560;

const dtypes = z.enum(['float', 'int8', 'uint8', 'binary', 'ubinary']);

const body = z
  .object({
    model: z.string().optional(),
    inputs: z.array(contentInput).min(1).max(1000),
    input_type: z.enum(['query', 'document']).nullish(),
    truncation: z.boolean().optional(),
    output_encoding: z.enum(['base64']).nullish(),
    encoding_format: z.enum(['base64']).nullish(),
    output_dimension: z.int().positive().nullish(),
    output_dtype: dtypes.optional(),
  })
  .openapi('VoyageRequest');

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
    usage: z.object({ text_tokens: z.int(), image_pixels: z.int(), total_tokens: z.int() }),
  })
  .openapi('VoyageAnswer');

const route = jsonRoute('/v1/multimodalembeddings', {
  summary: "Embeddings in Voyage's format.",
  body,
  answer,
  tag: 'embeddings',
});

export const addVoyage: AddRoutes = (api, service) => {
  api.openapi(route, async (c) => {
    const asked = c.req.valid('json');
    const { model, rows, usage } = await service.embed(
      {
        model: asked.model,
        inputs: asked.inputs.map(inputOf),
        dimensions: asked.output_dimension ?? undefined,
        truncate: truncateOf(asked.truncation),
      },
      c.get('until'),
    );
    const isBase64 = (asked.output_encoding ?? asked.encoding_format) === 'base64';
    const made = encoded(rows, asked.output_dtype ?? 'float', isBase64);
    return c.json(
      {
        object: 'list' as const,
        data: made.map((embedding, index) => ({ object: 'embedding' as const, index, embedding })),
        model,
        usage: {
          text_tokens: usage.tokens,
          image_pixels: usage.pixels,
          total_tokens: usage.tokens + Math.floor(usage.pixels / pixelsPerToken),
        },
      },
      200,
    );
  });
};

function encoded(rows: Embeddings, dtype: z.infer<typeof dtypes>, isBase64: boolean): (number[] | string)[] {
  const precision = dtype === 'float' ? 'float32' : dtype;
  return isBase64 ? base64Rows(rows, precision) : numberRows(rows, precision);
}
