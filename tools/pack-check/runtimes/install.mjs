import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const settings = ['node-linker=hoisted', 'dangerously-allow-all-builds=true', 'minimum-release-age=0'];

/**
 * Installs into a new project as npm lays it out, by pnpm, which takes a fifth of npm's time. What pnpm knows of a registry it
 * keeps by host and port, which come again: each project starts knowing nothing.
 */
export async function installHoisted(folder, wanted, registry) {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  const flags = [...settings, `cache-dir=${join(folder, '../pnpm')}`].map((setting) => `--config.${setting}`);
  await run('pnpm', ['add', `--registry=${registry}/`, '--ignore-workspace', ...flags, ...wanted], {
    cwd: folder,
  });
}
