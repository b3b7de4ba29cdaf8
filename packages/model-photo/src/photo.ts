import type { PackagedModel } from 'diptych';
import { photoArchitecture } from './photo-architecture.ts';
import { weightFiles } from './weights/weight-files.ts';

/** Photos and English words of things, animals, food, vehicles and places; weights beside the code, nothing is downloaded. */
export const photo: PackagedModel = {
  id: 'photo-1',
  open: weightFiles,
  architecture: photoArchitecture,
};
