export { captionData, type CaptionDataOptions } from './node/caption-data.ts';
