import type { ByteSource } from './byte-source.ts';
import { invalid } from './invalid.ts';
import { readExactly } from './read-exactly.ts';
import { strictJson } from './strict-json.ts';

/** A file's JSON. Refuses an object with the same key twice. */
export async function readJsonFile(source: ByteSource, signal?: AbortSignal): Promise<unknown> {
  const bytes = await readExactly(source, [0, source.size], signal);
  try {
    return strictJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw invalid(source.name, `expected UTF-8 JSON without duplicate keys, got: ${reason}`, cause);
  }
}
