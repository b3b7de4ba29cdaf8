import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { type Format, formatOption } from '../output/format.ts';

export interface CacheVerifyOptions {
  readonly format?: Format;
  readonly quiet?: boolean;
  readonly repair?: boolean;
}

export function defineCacheVerify(command: Command, io: Io, done: (failures: number) => void): void {
  command
    .summary('compare every file with its hash')
    .description('Reads every file in the cache and compares it with the hash that the hub gave for it.')
    .argument('[model]', 'org/name of the only model to check (default: all)')
    .option('--repair', 'download again what is damaged')
    .addOption(formatOption())
    .option('--quiet', 'no progress bar')
    .action(async (model: string | undefined, options: CacheVerifyOptions) => {
      const { cacheVerify } = await import('../actions/cache-verify.ts');
      done(await cacheVerify(model, options, io));
    });
}
