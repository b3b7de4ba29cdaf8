import { spawnSync } from 'node:child_process';

/** Installs a package of Debian, or fails with apt's own words. */
export function aptInstall(name) {
  const sudo = process.getuid?.() === 0 ? [] : ['sudo'];
  for (const step of [
    ['apt-get', 'update'],
    ['apt-get', 'install', '-y', '--no-install-recommends', name],
  ]) {
    const [command, ...args] = [...sudo, ...step];
    const { status } = spawnSync(command, args, { stdio: 'inherit' });
    if (status !== 0) break;
  }
}
