import { documents, documentText } from '../../src/documents.ts';

/** A page for each document of the repository. */
export default {
  paths: () =>
    Promise.all(
      Object.keys(documents).map(async (name) => ({
        params: { document: name },
        content: await documentText(name as keyof typeof documents),
      })),
    ),
};
