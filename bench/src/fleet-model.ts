import type { ModelIdentity } from '@diptych/fleet';

/** What the workers of `bench:fleet` say of theirs, which are the same files. */
export const model: ModelIdentity = {
  id: 'photo',
  architecture: 'photo',
  dim: 400,
  dtype: 'float32',
  files: '',
  version: '',
};
