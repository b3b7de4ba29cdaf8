export { loadImage } from '@diptych/preprocessing/image';
