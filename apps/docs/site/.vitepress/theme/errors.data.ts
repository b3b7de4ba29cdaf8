import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { apiPages } from '../../../src/api-packages.ts';
import { errorCodes } from '../../../src/error-codes.ts';

interface Thrown {
  readonly name: string;
  /** Of the reference, and the place on it. */
  readonly page: string;
  readonly anchor: string;
}

export interface ErrorFacts {
  readonly code: string;
  readonly meaning: string;
  /** What names the code in its doc comment. */
  readonly thrown: readonly Thrown[];
}

export declare const data: readonly ErrorFacts[];

const site = fileURLToPath(new URL('../../', import.meta.url));

export default {
  load(): ErrorFacts[] {
    const reference = apiPages.map(({ path }) => ({ page: path, text: read(`api/${path}.md`) }));
    return errorCodes().map((code) => ({
      code,
      meaning: /^# .*\n\n(.*)/.exec(read(`errors/${code}.md`))?.[1] ?? '',
      thrown: reference.flatMap(({ page, text }) => thrownIn(page, text, code)),
    }));
  },
};

/** Headings of the third level are what a package exports; what is below belongs to it. */
function thrownIn(page: string, text: string, code: string): Thrown[] {
  return text.split(/^### /m).flatMap((part, i) => {
    const name = /^[\w$]+/.exec(part)?.[0];
    if (i === 0 || !name || !part.includes(`\`${code}\``)) return [];
    return [{ name, page, anchor: name.toLowerCase() }];
  });
}

function read(path: string): string {
  return existsSync(`${site}${path}`) ? readFileSync(`${site}${path}`, 'utf8') : '';
}
