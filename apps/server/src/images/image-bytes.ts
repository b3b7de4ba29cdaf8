import { HttpProblem } from '../http/problem.ts';
import type { ImageFetcher } from './image-fetcher.ts';

const dataUri = /^data:[^,]{0,200};base64,/i;

/**
 * Bytes of an image as clients send it: a data URI, an address, or base64 alone.
 *
 * @throws {HttpProblem} 422 for what is none of them, 413 for too many bytes.
 */
export async function imageBytes(
  image: string,
  { fetcher, maxBytes }: { readonly fetcher: ImageFetcher; readonly maxBytes: number },
  signal: AbortSignal,
): Promise<Uint8Array> {
  if (/^[a-z][a-z\d+.-]*:/i.test(image) && !/^data:/i.test(image)) return fetcher.fetch(image, signal);
  const head = dataUri.exec(image)?.[0];
  if (head === undefined && /^data:/i.test(image)) throw invalid('its data URI is not base64');
  const text = image.slice(head?.length ?? 0);
  if (text.length > (maxBytes * 4) / 3 + 4) {
    throw new HttpProblem(413, 'image_too_large', `An image may have ${maxBytes} bytes.`, { param: 'input' });
  }
  if (text === '' || !/^[\w+/-]+={0,2}$/.test(text)) throw invalid('neither an address nor base64');
  return Buffer.from(text, 'base64');
}

function invalid(why: string): HttpProblem {
  return new HttpProblem(422, 'image_invalid', `An image cannot be read: ${why}.`, { param: 'input' });
}
