import { blobFiles, type Files } from '@diptych/files';
import { goldenBytes } from '@diptych/golden';

export type Json = Readonly<Record<string, unknown>>;

/** Files of a kind of the zoo, some of them replaced. */
export function changed(kind: string, files: Readonly<Record<string, Json>>): Files {
  const replaced = blobFiles(
    Object.fromEntries(Object.entries(files).map(([path, json]) => [path, new Blob([JSON.stringify(json)])])),
    kind,
  );
  return {
    id: kind,
    async open(path, signal) {
      const found = await replaced.open(path, signal);
      if (found) return found;
      const bytes = await goldenBytes(`zoo/kinds/${kind}/${path}`).catch(() => undefined);
      return bytes && blobFiles({ [path]: new Blob([bytes]) }, kind).open(path, signal);
    },
  };
}
