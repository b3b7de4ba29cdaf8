import { embed } from './embed.js';

const [, , ...entryPoints] = process.argv;
for (const entryPoint of entryPoints) await import(entryPoint);
console.log(JSON.stringify(await embed('picture.png')));
