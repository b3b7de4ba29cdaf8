import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of the page as it is built. */
    readonly built: string;
  }
}

/** Builds the page, once for all tests. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (project.isRootProject()) return undefined; // That of the tests does it.
  const outDir = await mkdtemp(join(tmpdir(), 'photos-'));
  project.provide('built', outDir);
  await buildTo(outDir);
  return () => rm(outDir, { recursive: true });
}

/** As it is published: by what tests run in, React would be that of development. */
export async function buildTo(outDir: string): Promise<void> {
  const before = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  try {
    await build({ root: fileURLToPath(new URL('..', import.meta.url)), logLevel: 'error', build: { outDir } });
  } finally {
    process.env['NODE_ENV'] = before;
  }
}
