import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

export interface Spawned {
  readonly child: ChildProcessWithoutNullStreams;
  /** Once it ended: the exit code, or the signal that killed it. */
  readonly ended: Promise<{ code: number | string; stdout: string; stderr: string }>;
}

/** The program as a process of its own, from its sources. */
export function spawnCli(args: readonly string[], env: Readonly<Record<string, string>> = {}): Spawned {
  const flags = ['--conditions=@diptych/source', '--import', 'tsx', main];
  const child = spawn(process.execPath, [...flags, ...args], { env: { ...process.env, ...env } });
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
