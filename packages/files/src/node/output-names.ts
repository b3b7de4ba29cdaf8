/** Inside the folder of an output: files that are not whole yet. */
export const partialName = '.partial';

/** Files that are whole and count before those of the folder itself, until they are moved. */
export const publishedName = '.published';
