// Writes the version of the packages into CITATION.cff, as a part of `pnpm release:version`.
import { readFile, writeFile } from 'node:fs/promises';

const root = new URL('../../', import.meta.url);
const { version } = JSON.parse(await readFile(new URL('packages/diptych/package.json', root), 'utf8'));
const citation = new URL('CITATION.cff', root);
await writeFile(citation, (await readFile(citation, 'utf8')).replace(/^version: .*$/m, `version: ${version}`));
