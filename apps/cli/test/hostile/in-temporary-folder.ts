import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * What `use` gives, told the environment of a child process whose temporary folders lie in one of their own. It is removed in
 * the end, also where the child was killed and could not.
 */
export async function inTemporaryFolder<T>(use: (env: NodeJS.ProcessEnv) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'diptych-hostile-'));
  try {
    return await use({ ...process.env, TMPDIR: folder, TEMP: folder, TMP: folder });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
