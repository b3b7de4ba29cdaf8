import { readFileBytes } from '@diptych/core/node';

/** What a file of one word says, such as the commit of a branch. */
export async function readNote(path: string): Promise<string> {
  return new TextDecoder().decode(await readFileBytes(path)).trim();
}
