import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** The folder with the pages. */
export const site = fileURLToPath(new URL('../site/', import.meta.url));

/** A block of code of a page. */
export interface Block {
  /** Of the page, from the folder of the site. */
  readonly page: string;
  /** Number of the line on which its code begins, from 1. */
  readonly line: number;
  /** As behind the fence: `ts`, `sh`, `json`. */
  readonly language: string;
  /** What else is behind the fence: `run`, `more`. */
  readonly marks: ReadonlySet<string>;
  /** A block marked `more` goes on where the one before it ended, whose code it has, too. */
  readonly code: string;
}

/** Pages by their path from the folder of the site; those that are written by tools left out. */
export async function pages(): Promise<string[]> {
  const all = await readdir(site, { recursive: true });
  return all.filter((path) => path.endsWith('.md') && !/^(?:api|\.vitepress)\//.test(path)).toSorted();
}

/** READMEs of packages and of the server, as pages; a page of the site finds nothing else outside of it. */
export async function readmes(): Promise<string[]> {
  const names = await readdir(`${site}../../../packages`);
  return [...names.map((name) => `../../../packages/${name}/README.md`), '../../server/README.md'];
}

/** Blocks of code of a page, in their order. */
export async function blocksOf(page: string): Promise<Block[]> {
  const text = await readFile(`${site}${page}`, 'utf8');
  const blocks: Block[] = [];
  for (const { 1: info = '', 2: body = '', index = 0 } of text.matchAll(/^```(\S[^\n]*)\n([^]*?)^```$/gm)) {
    const [language = '', ...marks] = info.split(/\s+/);
    const before = blocks.findLast((block) => block.language === language);
    const code = marks.includes('more') && before ? `${before.code}\n${body}` : body;
    const line = text.slice(0, index).split('\n').length + 1;
    blocks.push({ page, line, language, marks: new Set(marks), code });
  }
  return blocks;
}
