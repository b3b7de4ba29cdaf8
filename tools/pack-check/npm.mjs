import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--prefer-offline', '--loglevel=error'];

/**
 * Installs for production in a new project, as a user would: from `registry`.
 *
 * @returns Paths of what npm chose, as `node_modules/@diptych/core`.
 */
export async function install(folder, wanted, { registry, resolveOnly = false }) {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  await writeFile(join(folder, '.npmrc'), `registry=${registry}/\n`);
  await run('npm', ['install', '--omit=dev', ...(resolveOnly ? ['--package-lock-only'] : []), ...quiet, ...wanted], {
    cwd: folder,
  });
  const { packages } = JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8'));
  return Object.keys(packages).filter((path) => path !== '');
}
