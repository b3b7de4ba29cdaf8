import { credit, samples as listed } from 'virtual:samples';

/** A picture that everybody may look at. */
export interface Sample {
  readonly name: string;
  readonly url: string;
}

/** Pictures to try the page with, of this origin. */
export const samples: readonly Sample[] = listed.map(({ name, path }) => ({
  name,
  url: new URL(path, document.baseURI).href,
}));

/** Whose they are, and under which licence. */
export { credit };
