import { EmbeddingError } from '@diptych/core';
import type { Files, HubOptions } from '@diptych/files';

/** Where a model comes from: a folder's path (Node) or URL, or `org/name` on the Hugging Face hub. */
export type ModelSource = string | URL | Files;

/** What only matters when the model comes from the hub; with a cache of your own, pass `hub(name, …)`. */
export type SourceOptions = Pick<HubOptions, 'revision'> & {
  /** How the hub is asked: token, endpoint, offline, `fetch`. */
  readonly hub?: Omit<HubOptions, 'revision' | 'onProgress'>;
  /** Called while files of the hub are downloaded, with their path and bytes. */
  readonly onDownload?: NonNullable<HubOptions['onProgress']>;
};

/** Whether a string has the form `org/name`. */
export function isHubName(source: string): boolean {
  return /^\w[\w.-]*\/[\w.-]+$/.test(source);
}

/** The files of a source, and what to call the model. */
export interface LocatedModel {
  readonly files: Files;
  readonly id: string;
}

/** Files called after the last part of their path or URL: `clip-b32` of `/models/clip-b32/`. */
export function namedByPath(files: Files): LocatedModel {
  return { files, id: files.id.split(/[\\/]/).findLast((part) => part !== '') ?? files.id };
}

/** @throws {EmbeddingError} `INPUT_INVALID`: no other source has revisions, and what was meant would not be opened. */
export function refuseHub(source: string, { revision, hub }: SourceOptions): void {
  if (revision === undefined && hub === undefined) return;
  throw new EmbeddingError('INPUT_INVALID', {
    where: source,
    expected: `a model of the hub for ${revision === undefined ? 'its options' : `the revision '${revision}'`}`,
    got: 'a folder, a URL or files',
  });
}

/** The options of a hub as it takes them. */
export function hubOptions({ revision, onDownload, hub }: SourceOptions): HubOptions {
  return { ...hub, ...(revision !== undefined && { revision }), ...(onDownload && { onProgress: onDownload }) };
}
