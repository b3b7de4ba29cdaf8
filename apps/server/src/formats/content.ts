import { z } from '@hono/zod-openapi';
import type { Input, Part } from '../embed-service.ts';
import type { Modality, Truncate } from '../models/messages.ts';

/** A text, an image or a sound, as Jina writes them; of a string the request says what it is. */
export const item = z.union([
  z.string(),
  z.object({ text: z.string() }),
  z.object({ image: z.string() }),
  z.object({ audio: z.string() }),
]);

export const modalities = z.enum(['text', 'image', 'audio']);

export function partOf(one: z.infer<typeof item>, modality: Modality = 'text'): Part {
  if (typeof one !== 'string') return one;
  if (modality === 'text') return { text: one };
  return modality === 'image' ? { image: one } : { audio: one };
}

/** Where a format says whether a text that is too long may lose its end. */
export function truncateOf(isAllowed = true): Truncate {
  return isAllowed ? 'END' : 'NONE';
}

/** Content of one input, as Cohere and Voyage write it. */
export const contentInput = z.object({
  content: z
    .array(
      z.discriminatedUnion('type', [
        z.object({ type: z.literal('text'), text: z.string() }),
        z.object({
          type: z.literal('image_url'),
          image_url: z.union([z.string(), z.object({ url: z.string() })]),
        }),
        z.object({ type: z.literal('image_base64'), image_base64: z.string() }),
      ]),
    )
    .min(1),
});

export function inputOf({ content }: z.infer<typeof contentInput>): Input {
  return content.map((part) => {
    if (part.type === 'text') return { text: part.text };
    if (part.type === 'image_base64') return { image: part.image_base64 };
    return { image: typeof part.image_url === 'string' ? part.image_url : part.image_url.url };
  });
}
