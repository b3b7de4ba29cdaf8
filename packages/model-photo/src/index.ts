export { photo } from './photo.ts';
export { photoArchitecture } from './photo-architecture.ts';
