// Makes sure that nats-server is there for the tests of fleets: named by NATS_SERVER, or Debian's package.
import { spawnSync } from 'node:child_process';
import { aptInstall } from './apt-install.mjs';

const isThere = () =>
  [process.env.NATS_SERVER, 'nats-server', '/usr/sbin/nats-server'].some(
    (command) => command && spawnSync(command, ['--version']).status === 0,
  );
if (!isThere()) aptInstall('nats-server');
if (!isThere()) {
  console.error('No nats-server. Install it, or name it: NATS_SERVER=/path/to/nats-server');
  process.exit(1);
}
