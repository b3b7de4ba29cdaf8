export { fileStore, type FileStoreOptions } from './node/file-store/file-store.ts';
