import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { defaultFormat, type Format, formatOption } from '../output/format.ts';

export function defineCacheList(command: Command, io: Io): void {
  command
    .summary('every revision of every model, with its size')
    .description('Every revision of every model in the cache. Sizes count what revisions share in each of them.')
    .addOption(formatOption())
    .action(async ({ format = defaultFormat(io.stdout) }: { format?: Format }) => {
      const { cacheList } = await import('../actions/cache-list.ts');
      await cacheList(format, io);
    });
}
