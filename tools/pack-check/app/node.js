import { embedBoth } from './embed-both.js';

const [, , ...entryPoints] = process.argv;
for (const entryPoint of entryPoints) await import(entryPoint);
console.log(JSON.stringify(await embedBoth('./public/model', './public/picture.png')));
