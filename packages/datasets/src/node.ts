export { directory } from './node/directory.ts';
