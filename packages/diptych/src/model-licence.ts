import { expectMembers } from '@diptych/core';
import { located } from './located.ts';
import { readText } from './model-json.ts';
import type { ModelSource, SourceOptions } from './platform/source.ts';

/** What a model's card says of its licence. Not advice: only the licence's own text counts. */
export interface ModelLicence {
  /** As on the Hugging Face hub: `mit`, `cc-by-nc-4.0`, or `other` with a name. Several are separated by commas. */
  readonly id: string;
  readonly name?: string;
  /** A URL, or the path of a file of the model. */
  readonly link?: string;
  /** Whether the id or the name is known for forbidding commercial use, or says so. */
  readonly nonCommercial: boolean;
}

export interface LicenceOptions extends Pick<SourceOptions, 'revision'> {
  readonly signal?: AbortSignal;
}

/**
 * The licence in the header of a model's `README.md`.
 *
 * @param source As `open` takes it.
 * @returns `undefined` where there is no card, or none that names a licence.
 * @throws {EmbeddingError} `NETWORK` when the card cannot be fetched; `NOT_FOUND` for a model the hub does not have.
 */
export async function modelLicence(
  source: ModelSource,
  options: LicenceOptions = {},
): Promise<ModelLicence | undefined> {
  expectMembers(options, 'modelLicence: options');
  const { signal } = options;
  const card = await readText(located(source, options).files, 'README.md', signal);
  // The header of a card is YAML between two lines of dashes.
  const header = /^\uFEFF?---\r?\n(.*?)\r?\n---\s/s.exec(`${card ?? ''}\n`)?.[1]?.split(/\r?\n/) ?? [];
  const ids = values(header, 'license');
  if (ids.length === 0) return undefined;
  const [name] = values(header, 'license_name');
  const [link] = values(header, 'license_link');
  const nonCommercial = [...ids, ...(name === undefined ? [] : [name])].some(forbidsCommerce);
  return {
    id: ids.join(', '),
    ...(name !== undefined && { name }),
    ...(link !== undefined && { link }),
    nonCommercial,
  };
}

/**
 * Licences for research that do not say so in their id. Older cards of MobileCLIP give Apple's sample code licence as
 * the name of the one for its research models.
 */
const research: ReadonlySet<string> = new Set([
  'apple-amlr',
  'apple-ascl',
  'deepfloyd-if-license',
  'mnpl',
  'mrl',
  'nsclv1',
]);

function forbidsCommerce(licence: string): boolean {
  const id = licence.toLowerCase();
  return research.has(id) || /(?<![a-z])(nc|non[-_ ]?commercial|research)(?![a-z])/.test(id);
}

/** A string, or strings in either of YAML's two kinds of lists. */
function values(header: readonly string[], key: string): readonly string[] {
  const at = header.findIndex((line) => line.startsWith(`${key}:`));
  if (at < 0) return [];
  const rest = plain(header[at]!.slice(key.length + 1));
  if (rest !== '')
    return rest
      .replace(/^\[(.*)\]$/, '$1')
      .split(',')
      .map(plain)
      .filter(Boolean);
  const below = header.slice(at + 1);
  const end = below.findIndex((line) => !/^\s*- /.test(line));
  return below.slice(0, end < 0 ? undefined : end).map((line) => plain(line.replace(/^\s*- /, '')));
}

/** Without quotes and comment. */
function plain(value: string): string {
  return value
    .replace(/(^|\s)#.*$/, '')
    .trim()
    .replace(/^(['"])(.*)\1$/, '$2');
}
