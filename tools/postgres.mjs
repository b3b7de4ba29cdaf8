// Makes sure that PostgreSQL is there for the tests of its store: in POSTGRES, or Debian's package.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { aptInstall } from './apt-install.mjs';

const root = '/usr/lib/postgresql';
const isThere = () => {
  const folders = existsSync(root) ? readdirSync(root).map((version) => join(root, version, 'bin')) : [];
  return [process.env.POSTGRES ?? '', ...folders].some((bin) => existsSync(join(bin, 'initdb')));
};
if (!isThere()) aptInstall('postgresql');
if (!isThere()) {
  console.error('No PostgreSQL. Install it, or name the folder of initdb and postgres: POSTGRES=/path/to/bin');
  process.exit(1);
}
