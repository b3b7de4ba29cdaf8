import { acquireLock } from '../../src/node/file-store/lock.ts';

// Says whether it got the lock of a folder, and stays until it is killed.
try {
  await acquireLock(process.argv[2]!);
  process.stdout.write('held\n');
} catch (error) {
  process.stdout.write(`${(error as { code?: string }).code}\n`);
}
process.stdin.resume();
