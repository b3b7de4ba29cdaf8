import { readFile } from 'node:fs/promises';
import { embedBoth } from './embed-both.js';

const [, , ...entryPoints] = process.argv;
// An entry for a framework of others asks for it, and for nothing else that is not installed.
const { peerDependencies: frameworks } = JSON.parse(await readFile('node_modules/diptych/package.json', 'utf8'));
for (const entryPoint of entryPoints) {
  await import(entryPoint).catch((error) => {
    const [, missing = ''] = /Cannot find package '([^']+)'/.exec(error.message) ?? [];
    if (!Object.hasOwn(frameworks, missing)) throw error;
  });
}
console.log(JSON.stringify(await embedBoth('./public/model', './public/picture.png')));
