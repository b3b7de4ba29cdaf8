import { type Fleet, openFleet } from '@diptych/fleet';
import { defaultNats, type JobOptions } from '../job-options.ts';
import type { Io } from '../io.ts';
import type { Progress } from '../progress.ts';

/** The job that the options name; that its servers are silent is said once, and that they are back. */
export async function openJob(
  { nats = [defaultNats], job }: JobOptions,
  { signal }: Pick<Io, 'signal'>,
  progress: Progress,
): Promise<Fleet> {
  return openFleet({ servers: nats, job, signal, onNote: (line) => progress.note(`diptych: ${line}`) });
}
