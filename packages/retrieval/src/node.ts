export { fileStore } from './file-store/file-store.ts';
