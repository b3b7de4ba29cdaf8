export { decodeImage, isFar, loadImage } from './node/decode-image.ts';
