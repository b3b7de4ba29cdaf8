import { type Io, Interrupted } from './io.ts';

/** This process: the first signal asks the command to end, the second ends it. */
export function processIo(): Io {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      const interrupted = new Interrupted(name);
      if (controller.signal.aborted) process.exit(interrupted.exitCode);
      controller.abort(interrupted);
    });
  }
  const { stdin, stdout, stderr } = process;
  // Without a listener a broken pipe would end the process with a stack trace; the write's own callback reports it.
  for (const stream of [stdout, stderr]) stream.on('error', () => {});
  return { stdin, stdout, stderr, folder: process.cwd(), signal: controller.signal };
}
