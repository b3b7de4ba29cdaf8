import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { bundled } from '@diptych/golden';
import { onTestFinished } from 'vitest';
import { architecture } from './workspace.ts';

export interface Spawned {
  readonly child: ChildProcessWithoutNullStreams;
  /** Once it ended: the exit code, or the signal that killed it. */
  readonly ended: Promise<{ code: number | string; stdout: string; stderr: string }>;
}

/** Arguments of Node that run the program with these, from its sources. */
export function programArgs(args: readonly string[]): string[] {
  const own = args.map((arg) => (arg === architecture ? bundled('test/colour-architecture.ts') : arg));
  return [bundled('src/main.ts'), ...own];
}

/**
 * The program as a process of its own.
 *
 * @param before What starts it, and becomes it.
 */
export function spawnCli(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  before: readonly string[] = [],
): Spawned {
  const [command, ...rest] = [...before, process.execPath, ...programArgs(args)];
  const child = spawn(command!, rest, { env: { ...process.env, ...env } });
  onTestFinished(() => void child.kill('SIGKILL'));
  const output = Promise.all([text(child.stdout).catch(() => ''), text(child.stderr), once(child, 'exit')]);
  const ended = output.then(([stdout, stderr, [code, signal]]) => ({
    code: (code ?? signal) as number | string,
    stdout,
    stderr,
  }));
  return { child, ended };
}

/** Resolves when the process has written this to stderr. */
export async function untilStderr({ child, ended }: Spawned, wanted: string): Promise<void> {
  let seen = '';
  const written = new Promise<void>((resolve) => {
    child.stderr.on('data', (chunk: Buffer) => {
      seen += chunk.toString();
      if (seen.includes(wanted)) resolve();
    });
  });
  const early = ended.then(({ stderr }) => {
    if (!stderr.includes(wanted)) throw new Error(`ended without '${wanted}': ${stderr}`);
  });
  await Promise.race([written, early]);
}
