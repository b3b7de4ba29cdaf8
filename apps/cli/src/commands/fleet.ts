import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { defineFleetRetry } from './fleet-retry.ts';
import { defineFleetStatus } from './fleet-status.ts';
import { defineFleetSubmit } from './fleet-submit.ts';
import { defineFleetVerify } from './fleet-verify.ts';
import { defineFleetWork } from './fleet-work.ts';

export function defineFleet(command: Command, io: Io, done: (failures: number) => void): void {
  command
    .summary('embed with many machines, each image once')
    .description('Embedding shared out among machines over NATS JetStream: each image once, whatever stops.');
  defineFleetSubmit(command.command('submit'), io, done);
  defineFleetWork(command.command('work'), io, done);
  defineFleetStatus(command.command('status'), io);
  defineFleetVerify(command.command('verify'), io, done);
  defineFleetRetry(command.command('retry'), io);
}
