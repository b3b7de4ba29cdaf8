export { fileStore, type FileStoreOptions } from './file-store/file-store.ts';
