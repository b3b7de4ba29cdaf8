import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../pack-check/runtimes/shell.mjs';

/** Blocks of a page with their language, and the name of the file that stands above them. */
const blocks = /(?:^`([\w.]+)`:\n\n)?^```(\w+)[^\n]*\n([^]*?)^```$/gm;

/**
 * Does what a page that begins says, as pasted into an empty folder: its files and its commands, in their order. What
 * `node` prints is what the page prints, beside the program or in a block of text.
 *
 * @param registry Where `npm` gets everything.
 * @param pictures A folder of those that the page shows, for its `photos`.
 */
export async function followStartPage(page, { folder, registry, docs, pictures }) {
  const env = { ...process.env, npm_config_registry: `${registry}/`, npm_config_cache: join(folder, 'cache') };
  env.npm_config_yes = 'true';
  let here = join(folder, 'empty');
  let said = '';
  let printed = '';
  await mkdir(here, { recursive: true });
  for (const [, file, language, code] of (await readFile(join(docs, page), 'utf8')).matchAll(blocks)) {
    if (file) {
      await writeFile(join(here, file), code);
      said = /console\.log\(.*\); \/\/ (.*)$/m.exec(code)?.[1] ?? '';
    } else if (language === 'sh') {
      const left = join(folder, 'left-in');
      printed = await run(`set -e\n${code}pwd > '${left}'`, { folder: here, env });
      here = (await readFile(left, 'utf8')).trim();
      await cp(pictures, join(here, 'photos'), { recursive: true });
      if (said && code.startsWith('node ')) expectSame(page, printed, said);
    } else if (language === 'txt') {
      expectSame(page, printed, code);
    }
  }
}

export function expectSame(page, got, said) {
  if (got.trim() !== said.trim()) throw new Error(`${page}: expected ${said}, got ${got}`);
}
