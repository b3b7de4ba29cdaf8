export { directory } from './directory.ts';
export { downloadModel, type DownloadOptions } from './hub/download-model.ts';
export { hubEnvironment, type HubEnvironment } from './hub/environment.ts';
export { listCache, type CachedModel, type CachedRevision } from './hub/list-cache.ts';
export { hub, type NodeHubOptions } from './hub/node-hub.ts';
export type { CheckedFile } from './hub/checked-file.ts';
export { verifyCache, type VerifyOptions } from './hub/verify-cache.ts';
export { type LastGoodOptions, openLastGood } from './open-last-good.ts';
export { replaceFile } from './replace-file.ts';
