import { tmpdir } from 'node:os';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { run } from '../src/run.ts';

export interface CliRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly stdin?: string;
  readonly signal?: AbortSignal;
  /** Where packages are looked for first. Default one without any. */
  readonly folder?: string;
  /** Whether stdout and stderr are terminals. */
  readonly tty?: boolean;
}

/** One command line in this process. */
export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  const { stdin = '', signal = new AbortController().signal, folder = tmpdir(), tty = false } = options;
  const [stdout, stderr] = [terminal(tty), terminal(tty)];
  const text = [stdout, stderr].map(async (stream) => (await buffer(stream)).toString());
  const code = await run(args, { stdin: Readable.from([Buffer.from(stdin)]), stdout, stderr, folder, signal });
  stdout.end();
  stderr.end();
  return { code, stdout: await text[0]!, stderr: await text[1]! };
}

/** The lines of JSON in an output. */
export function jsonLines<T>({ stdout }: Pick<CliRun, 'stdout'>): T[] {
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T);
}

function terminal(isTTY: boolean): PassThrough & { isTTY: boolean } {
  return Object.assign(new PassThrough(), { isTTY, columns: 100 });
}
