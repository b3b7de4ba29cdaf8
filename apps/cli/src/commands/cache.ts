import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { defineCacheList } from './cache-list.ts';
import { defineCacheVerify } from './cache-verify.ts';

export function defineCache(command: Command, io: Io, done: (failures: number) => void): void {
  command
    .summary('list and check what was downloaded')
    .description("The Hugging Face hub's cache on this machine, which other tools share.");
  defineCacheList(command.command('list'), io);
  defineCacheVerify(command.command('verify'), io, done);
}
