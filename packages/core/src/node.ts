export { openFile, type OpenedFile, readFileBytes } from './node/open-file.ts';
export { syncFolder, writeAt } from './node/on-the-disk.ts';
