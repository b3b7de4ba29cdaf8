import { z } from '@hono/zod-openapi';
import type { Input, Part } from '../embed-service.ts';
import type { Truncate } from '../models/messages.ts';

/** A text or an image, as Jina writes them; of a string the request says what it is. */
export const textOrImage = z.union([z.string(), z.object({ text: z.string() }), z.object({ image: z.string() })]);

export function partOf(item: z.infer<typeof textOrImage>, modality: 'text' | 'image' = 'text'): Part {
  if (typeof item !== 'string') return item;
  return modality === 'image' ? { image: item } : { text: item };
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
