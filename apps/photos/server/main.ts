import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build, preview } from 'vite';

const { values } = parseArgs({ options: { open: { type: 'boolean', default: true } }, allowNegative: true });
const root = fileURLToPath(new URL('..', import.meta.url));
await build({ root, logLevel: 'warn' });
const server = await preview({ root, preview: { open: values.open } });
console.log(`Photos by words: ${server.resolvedUrls!.local[0]}  (Ctrl+C ends it)`);
