export { captionData, type CaptionDataOptions } from './node/caption-data.ts';
export { directory } from './node/directory.ts';
