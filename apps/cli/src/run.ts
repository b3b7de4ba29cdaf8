import { printable, withoutPasswords } from '@diptych/core';
import { Command, CommanderError } from 'commander';
import { defineAlign } from './commands/align.ts';
import { defineBench } from './commands/bench.ts';
import { defineCache } from './commands/cache.ts';
import { defineClassify } from './commands/classify.ts';
import { defineCluster } from './commands/cluster.ts';
import { defineCompletion } from './commands/completion.ts';
import { defineConvert } from './commands/convert.ts';
import { defineDedupe } from './commands/dedupe.ts';
import { defineDownload } from './commands/download.ts';
import { defineEmbed } from './commands/embed.ts';
import { defineEvaluate } from './commands/evaluate.ts';
import { defineFleet } from './commands/fleet.ts';
import { defineInfo } from './commands/info.ts';
import { defineMcp } from './commands/mcp.ts';
import { defineModels } from './commands/models.ts';
import { defineSearch } from './commands/search.ts';
import { defineServe } from './commands/serve.ts';
import { defineTrain } from './commands/train.ts';
import { defineVerify } from './commands/verify.ts';
import { defineWatch } from './commands/watch.ts';
import { describeError } from './describe-error.ts';
import { help } from './help.ts';
import { Interrupted, type Io } from './io.ts';
import { version } from './version.ts';

const exitCodes = `
Exit codes:
  0    everything worked
  1    some items failed; each is named on stderr, the others are in the output
  2    wrong usage, or nothing could be done
  130  interrupted (143 by SIGTERM); what was embedded is kept`;

/**
 * One command line, without the name of the program.
 *
 * @returns The exit code; see `diptych --help`.
 */
export async function run(args: readonly string[], io: Io): Promise<number> {
  let failed = 0;
  const done = (failures: number) => void (failed += failures);
  try {
    await program(io, done).parseAsync(args, { from: 'user' });
    return failed > 0 ? 1 : 0;
  } catch (error) {
    return exitCode(error, io);
  }
}

function program(io: Io, done: (failures: number) => void): Command {
  const root = new Command('diptych')
    .description('Text and images in one vector space, with a published checkpoint.')
    .version(version)
    .addHelpText('after', exitCodes)
    .configureHelp(help)
    .helpCommand('help [command]', 'the same as <command> --help')
    .showHelpAfterError('(--help lists the options)')
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(printable(text)),
      outputError: (text, write) => write(text.replace(/^error: /, 'diptych: ')),
    })
    .exitOverride();
  defineEmbed(root.command('embed'), io, done);
  defineSearch(root.command('search'), io, done);
  defineWatch(root.command('watch'), io);
  defineDedupe(root.command('dedupe'), io, done);
  defineCluster(root.command('cluster'), io, done);
  defineClassify(root.command('classify'), io, done);
  defineEvaluate(root.command('evaluate'), io);
  defineAlign(root.command('align'), io);
  defineTrain(root.command('train'), io);
  defineInfo(root.command('info'), io);
  defineMcp(root.command('mcp'), io);
  defineServe(root.command('serve'), io);
  defineFleet(root.command('fleet'), io, done);
  defineVerify(root.command('verify'), io, done);
  defineBench(root.command('bench'), io);
  defineConvert(root.command('convert'), io);
  defineModels(root.command('models'), io);
  defineDownload(root.command('download'), io, done);
  defineCache(root.command('cache'), io, done);
  defineCompletion(root.command('completion'), io, root);
  return root;
}

function exitCode(error: unknown, io: Io): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  // The reader has all it wanted, as `head` has.
  if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return 0;
  const reason: unknown = io.signal.aborted ? io.signal.reason : error;
  io.stderr.write(`diptych: ${printable(withoutPasswords(describeError(reason)))}\n`);
  return reason instanceof Interrupted ? reason.exitCode : 2;
}
