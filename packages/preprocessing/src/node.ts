export { decodeImage, isFar, loadImage } from './node/decode-image.ts';
export { readSound } from './node/read-sound.ts';
