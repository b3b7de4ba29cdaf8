import { EmbeddingError } from '@diptych/core';
import type { HostileCase, HostileKind, Verdict } from './case.ts';

const kinds: Readonly<Record<string, () => Promise<{ readonly kind: HostileKind }>>> = {
  checkpoints: () => import('./checkpoints.ts'),
  pickles: () => import('./pickles.ts'),
  tables: () => import('./tables.ts'),
  families: () => import('./families.ts'),
  tokenizers: () => import('./tokenizers.ts'),
  pictures: () => import('./pictures.ts'),
  hub: () => import('./hub.ts'),
  stores: () => import('./stores.ts'),
  arguments: () => import('./arguments.ts'),
  folders: () => import('./folders.ts'),
};
const { kind } = await kinds[process.argv[2]!]!();

/** What is not as the table says. */
async function problemOf({ run, code, says }: HostileCase): Promise<string | undefined> {
  try {
    await run();
    return 'was taken';
  } catch (error) {
    if (!(error instanceof EmbeddingError)) return `threw ${String(error).slice(0, 200)}`;
    if (error.message.length > 5000) return `a message of ${error.message.length} letters`;
    if (error.code !== code) return `expected ${code}, got ${error.code}: ${error.message}`;
    return says.test(error.message) ? undefined : `expected ${says}, got: ${error.message}`;
  }
}

async function verdict(one: HostileCase): Promise<Verdict> {
  process.send!({ begun: one.name });
  // What another input left behind is none of this one's.
  globalThis.gc?.();
  const before = process.cpuUsage();
  const problem = await problemOf(one);
  const { user, system } = process.cpuUsage(before);
  return { name: one.name, problem, seconds: (user + system) / 1e6 };
}

const verdicts: Verdict[] = [];
await kind.honest();
for (const one of kind.cases) {
  verdicts.push(await verdict(one));
  await kind.honest().catch((error: unknown) => {
    verdicts.push({ name: `what is honest, after ${one.name}`, problem: String(error), seconds: 0 });
  });
}
process.send!({ verdicts, peakMiB: process.resourceUsage().maxRSS / 1024 });
