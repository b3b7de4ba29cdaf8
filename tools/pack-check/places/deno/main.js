import { embed } from './embed.js';

console.log(JSON.stringify(await embed('picture.png')));
