export { loadImage } from '@diptych/preprocessing/node';
