const [, , ...entryPoints] = process.argv;
for (const entryPoint of entryPoints) require(entryPoint);
const { embed } = require('./embed.js');

embed('picture.png').then((embedded) => console.log(JSON.stringify(embedded)));
