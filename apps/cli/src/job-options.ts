import { type Command, Option } from 'commander';
import { count, repeatable } from './model-options.ts';

/** Which job of which servers. */
export interface JobOptions {
  readonly nats?: readonly string[];
  readonly job: string;
  readonly quiet?: boolean;
}

/** Where its rows go. */
export interface SinkOptions {
  /** A folder, or the address of a bucket or a PostgreSQL. */
  readonly output: string;
  readonly table?: string;
}

export const defaultNats = 'nats://127.0.0.1:4222';

/** Options of every command that speaks of a job. */
export function addJobOptions(command: Command): Command {
  return command
    .requiredOption('--job <name>', 'the job: letters, digits, - and _')
    .addOption(
      repeatable('--nats <server>', 'nats-server with JetStream, as nats://user:password@host:port').default(
        undefined,
        defaultNats,
      ),
    );
}

export function tableOption(): Option {
  return new Option('--table <name>', "of PostgreSQL, for the rows (default: the job's name)");
}

/** Seconds in whole numbers, as milliseconds. */
export function seconds(text: string): number {
  return 1000 * count(text);
}
