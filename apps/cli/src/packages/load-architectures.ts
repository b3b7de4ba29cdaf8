import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Architecture } from 'diptych';
import { exported, isArchitecture } from './exported.ts';
import { importModule, importPackage, packageIn } from './import-package.ts';

/** Every export of files and packages that is an architecture, or the one that is named after `#`. */
export async function loadArchitectures(modules: readonly string[] = [], folder: string): Promise<Architecture[]> {
  const found = await Promise.all(modules.map((module) => architecturesIn(module, folder)));
  return found.flat();
}

async function architecturesIn(module: string, folder: string): Promise<readonly Architecture[]> {
  const { name, wanted } = packageIn(module) ?? {};
  const exports = await (name === undefined
    ? importModule(pathToFileURL(resolve(module)).href, module)
    : importPackage(name, folder));
  return exported(exports, {
    where: module,
    wanted,
    is: isArchitecture,
    what: 'an export with a name and a method open',
  });
}
