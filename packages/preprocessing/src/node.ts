export { decodeImage } from './node/decode-image.ts';
