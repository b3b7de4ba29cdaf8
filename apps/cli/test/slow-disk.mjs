// Imported before the program: each read of a file handle takes `SLOW_DISK` milliseconds, and `busy` goes to stderr.
import { open } from 'node:fs/promises';
import { setTimeout as passed } from 'node:timers/promises';

const file = await open(process.execPath);
const prototype = Object.getPrototypeOf(file);
await file.close();
const { read } = prototype;

prototype.read = async function slowly(...args) {
  process.stderr.write('busy\n');
  await passed(Number(process.env['SLOW_DISK']));
  return read.apply(this, args);
};
