// Every entry's declarations by the TypeScript that is installed, with `skipLibCheck: false`: prints what is clean, in files
// of ours and in this project's; those of others are theirs.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const tsc = 'node_modules/typescript/bin/tsc';
const { version } = JSON.parse(readFileSync('node_modules/typescript/package.json', 'utf8'));
const modern = { module: 'nodenext', moduleResolution: 'nodenext' };
const dom = ['dom', 'dom.iterable'];
const everywhere = ['entries.ts', 'use.ts'];
const ways = {
  es2022: { files: everywhere },
  'es2022, dom': { lib: dom, files: [...everywhere, 'platform.ts', 'page.ts'] },
  'es2022, @types/node': { types: ['node'], files: [...everywhere, 'node-entries.ts', 'platform.ts'] },
  'es2022, dom, @types/node': {
    lib: dom,
    types: ['node'],
    files: [...everywhere, 'node-entries.ts', 'platform.ts', 'page.ts'],
  },
  // Gone from TypeScript 7, and deprecated in 6.
  ...(Number.parseInt(version, 10) < 6 && {
    'node10, es2022, dom, @types/node': {
      lib: dom,
      types: ['node'],
      files: [...everywhere, 'node-entries.ts'],
      module: 'esnext',
      moduleResolution: 'node10',
    },
  }),
};

const [, , ...chosen] = process.argv;
for (const [name, { files, lib = [], types = [], ...resolution }] of Object.entries(ways)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  const options = { strict: true, noEmit: true, skipLibCheck: false, target: 'es2022', lib: ['es2022', ...lib], types };
  writeFileSync('tsconfig.json', JSON.stringify({ compilerOptions: { ...options, ...modern, ...resolution }, files }));
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', '.', '--pretty', 'false'], { encoding: 'utf8' });
  const ours = stdout
    .split('\n')
    .filter((line) => / error TS/.test(line) && !/^node_modules\/(?!diptych\/|@diptych\/)/.test(line));
  console.log(ours.length === 0 ? `> ${name}` : [`> ${name}: ${ours.length} errors`, ...ours].join('\n'));
}
