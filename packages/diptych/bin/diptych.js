#!/usr/bin/env node
// `npx diptych`: the program is @diptych/cli, that of the user's folder, else that beside this package, else the one that npm
// fetches and keeps, of this version. It runs in this process, so arguments, signals and the exit code are its own.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const { version } = manifestAt(fileURLToPath(new URL('../package.json', import.meta.url)));
const program = `@diptych/cli@${version}`;
const main = found([process.cwd(), import.meta.dirname]) ?? found(fetched());
if (main) {
  await import(pathToFileURL(main).href);
} else {
  process.stderr.write(`diptych: the commands are in ${program}, which npm could not fetch: npm install ${program}\n`);
  process.exitCode = 2;
}

/** The first program that code in one of these folders would import. */
function found(folders) {
  for (const folder of folders) {
    const manifest = manifestFrom(folder);
    if (manifest) return join(dirname(manifest), manifestAt(manifest).bin.diptych);
  }
  return undefined;
}

function manifestFrom(folder) {
  try {
    return createRequire(join(folder, 'index.js')).resolve('@diptych/cli/package.json');
  } catch {
    return undefined;
  }
}

function manifestAt(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** Folders on the path of what npm runs with the package installed, as npx does. What goes wrong npm says itself. */
function fetched() {
  const [file, ...args] = npm();
  const wanted = ['exec', '--yes', '--prefer-offline', `--package=${program}`, '--', 'node', '-p', 'process.env.PATH'];
  try {
    const printed = execFileSync(file, [...args, ...wanted], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return printed.trim().split(delimiter);
  } catch {
    return [];
  }
}

/** Its script where there is one: Windows has npm as a batch file besides, which nothing but a shell starts. */
function npm() {
  const places = [dirname(process.env.npm_execpath ?? ''), join(dirname(process.execPath), 'node_modules/npm/bin')];
  const script = places.map((folder) => join(folder, 'npm-cli.js')).find((path) => existsSync(path));
  return script ? [process.execPath, script] : ['npm'];
}
