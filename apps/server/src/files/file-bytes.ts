import { HttpProblem } from '../http/problem.ts';
import { type FileFetcher, type FileName, named, tooLarge } from './file-fetcher.ts';

const dataUri = /^data:[^,]{0,200};base64,/i;

/**
 * Bytes of an image or a sound as clients send it: a data URI, an address, or base64 alone.
 *
 * @throws {HttpProblem} 422 for what is none of them, 413 for too many bytes.
 */
export async function fileBytes(
  content: string,
  { what, fetcher, maxBytes }: { readonly what: FileName; readonly fetcher: FileFetcher; readonly maxBytes: number },
  signal: AbortSignal,
): Promise<Uint8Array> {
  if (/^[a-z][a-z\d+.-]*:/i.test(content) && !/^data:/i.test(content)) return fetcher.fetch(what, content, signal);
  const head = dataUri.exec(content)?.[0];
  if (head === undefined && /^data:/i.test(content)) throw invalid(what, 'its data URI is not base64');
  const text = content.slice(head?.length ?? 0);
  if (text.length > (maxBytes * 4) / 3 + 4) {
    throw tooLarge(what, maxBytes);
  }
  if (text === '' || !/^[\w+/-]+={0,2}$/.test(text)) throw invalid(what, 'neither an address nor base64');
  return Buffer.from(text, 'base64');
}

function invalid(what: FileName, why: string): HttpProblem {
  return new HttpProblem(422, `${what}_invalid`, `${named[what]} cannot be read: ${why}.`, { param: 'input' });
}
