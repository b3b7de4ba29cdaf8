export { openFile, type OpenedFile, readFileBytes } from './node/open-file.ts';
