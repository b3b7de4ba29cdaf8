export { decodeImage, loadImage } from './node/decode-image.ts';
