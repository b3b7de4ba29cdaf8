import { documentNames, documentText } from '../../src/documents.ts';

/** A page for each document of the repository. */
export default {
  paths: () =>
    Promise.all(
      documentNames.map(async (document) => ({ params: { document }, content: await documentText(document) })),
    ),
};
