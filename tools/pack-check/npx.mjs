import { execFile } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const offline = { npm_config_offline: 'true' };

/**
 * `npx diptych` of a folder that has `diptych` alone, which fetches the program once, and asks for it where npm cannot.
 *
 * @returns What the program prints.
 */
export async function runByNpx(args, { folder, scratch, registry }) {
  const kept = {
    ...process.env,
    npm_config_cache: await ownCache(join(scratch, 'npx')),
    npm_config_registry: registry,
  };
  const { stdout } = await npx(args, folder, kept);
  expect('again, offline', await npx(['--version'], folder, { ...kept, ...offline }), { stdout: /^\d+\.\d+\.\d+\n$/ });
  expect('a wrong option', await npx(['--wrong'], folder, { ...kept, ...offline }).catch(own), { code: 2 });
  const empty = { ...process.env, npm_config_cache: join(scratch, 'npx-empty'), ...offline };
  const refused = await npx(['--version'], folder, empty).catch(own);
  expect('nothing fetched', refused, { code: 2, stderr: /npm could not fetch: npm install @diptych\/cli@/ });
  return stdout;
}

function npx(args, cwd, env) {
  return run('npx', ['--no-install', 'diptych', ...args], { cwd, env });
}

/** What npx installed is its own; what npm downloaded is everybody's. */
async function ownCache(folder) {
  const { stdout } = await run('npm', ['config', 'get', 'cache']);
  await mkdir(folder);
  await symlink(join(stdout.trim(), '_cacache'), join(folder, '_cacache'));
  return folder;
}

const own = (error) => error;

function expect(what, got, { code, stdout, stderr }) {
  const right = code === undefined ? !(got instanceof Error) : got.code === code;
  if (right && (stdout ?? /^/).test(got.stdout) && (stderr ?? /^/).test(got.stderr)) return;
  throw new Error(`npx diptych, ${what}: ended with ${got.code ?? 0}\n${got.stdout}${got.stderr}`);
}
