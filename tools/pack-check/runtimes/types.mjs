import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const packages = fileURLToPath(new URL('../../../packages', import.meta.url));
const manifests = await Promise.all((await readdir(packages)).map(manifest));
/** Those for frameworks of others need these, whose own declarations are not for every compiler. */
const isAdapter = ({ types = '' }) => types.includes('/adapters/');
const entries = manifests.flatMap(({ name, exports }) =>
  Object.entries(exports).flatMap(([path, files]) =>
    /\*|\.json$/.test(path) || isAdapter(files) ? [] : [name + path.slice(1)],
  ),
);
const isOfNode = (entry) => entry.endsWith('/node');
/** Resolves without `exports`. */
const old = 'node10, es2022, dom, @types/node';
const libraries = ['es2022', 'es2022, dom', 'es2022, @types/node', 'es2022, dom, @types/node'];

/** The newest with nothing but `es2022`, the lowest as an old resolver too: what takes long are the others. */
export function typesSample() {
  const sample = (place, ...names) => {
    const ways = names.map((name) => [name, { run: `node check.js '${name}'`, prints: [name] }]);
    return { ...place, ways: Object.fromEntries(ways) };
  };
  return [sample(types[0], libraries[0], old), sample(types.at(-1), libraries[0])];
}

/** A place for each version of TypeScript: its compiler reads the declarations of every entry there. */
export const types = ['5.4.5', '5.7.3', '5.9.3', '6.0.3', '7.0.2'].map((version) => ({
  name: `TypeScript ${version.slice(0, version.lastIndexOf('.'))}`,
  install: [
    ...manifests.map(({ name }) => name),
    '@tensorflow/tfjs-core@4.22.0',
    '@tensorflow/tfjs-layers@4.22.0',
    '@types/node@20.19.43',
    `typescript@${version}`,
  ],
  files: ['types'],
  write: {
    'entries.ts': imports(entries.filter((entry) => !isOfNode(entry))),
    'node-entries.ts': imports(entries.filter(isOfNode)),
  },
  ways: {
    '': {
      run: 'node check.js',
      prints: version < '6' ? [...libraries, old] : libraries,
    },
  },
}));

async function manifest(folder) {
  return JSON.parse(await readFile(join(packages, folder, 'package.json'), 'utf8'));
}

function imports(names) {
  return names
    .map((name, i) => `import * as entry${i} from '${name}';\nexport type Entry${i} = typeof entry${i};\n`)
    .join('');
}
