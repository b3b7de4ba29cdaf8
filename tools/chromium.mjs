// Makes sure that a Chromium is there for the browser tests: CHROMIUM, /usr/bin/chromium, or Debian's package.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const path = process.env.CHROMIUM ?? '/usr/bin/chromium';
if (!existsSync(path)) {
  const sudo = process.getuid?.() === 0 ? [] : ['sudo'];
  for (const step of [
    ['apt-get', 'update'],
    ['apt-get', 'install', '-y', '--no-install-recommends', 'chromium'],
  ]) {
    const [command, ...args] = [...sudo, ...step];
    const { status } = spawnSync(command, args, { stdio: 'inherit' });
    if (status !== 0) break;
  }
}
if (!existsSync(path)) {
  console.error(`No Chromium at ${path}. Install one, or name it: CHROMIUM=/path/to/chrome`);
  process.exit(1);
}
