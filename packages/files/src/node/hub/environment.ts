import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddingError, expectMembers, type Patience } from '@diptych/core';
import { expandPath, type Variables } from './expand-path.ts';

/** What the tools of the hub take from the environment. */
export interface HubEnvironment {
  /** `HF_HUB_CACHE`, or `hub` in `HF_HOME`, or in `huggingface` of the user's cache folder. */
  readonly cacheFolder: string;
  /** `HF_ENDPOINT`. */
  readonly endpoint: string;
  /** `HF_TOKEN`, or what `hf auth login` stored; none where `HF_HUB_DISABLE_IMPLICIT_TOKEN` is on. */
  readonly token: string | undefined;
  /** `HF_HUB_ETAG_TIMEOUT` for an answer and `HF_HUB_DOWNLOAD_TIMEOUT` for its body, in seconds there. */
  readonly patience: Patience;
  /** `HF_HUB_OFFLINE`, or `TRANSFORMERS_OFFLINE`. */
  readonly offline: boolean;
}

/**
 * The variables as huggingface_hub reads them, but for an empty one, which counts as not set.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` for a stored token that cannot be read and for a time that is no number.
 */
export function hubEnvironment(variables: Variables): HubEnvironment {
  expectMembers(variables, 'hubEnvironment');
  return {
    cacheFolder: cacheFolderOf(variables),
    endpoint: variables['HF_ENDPOINT'] || 'https://huggingface.co',
    token: isOn(variables['HF_HUB_DISABLE_IMPLICIT_TOKEN']) ? undefined : tokenOf(variables),
    patience: {
      ...msOf(variables, 'HF_HUB_ETAG_TIMEOUT', 'head'),
      ...msOf(variables, 'HF_HUB_DOWNLOAD_TIMEOUT', 'body'),
    },
    offline: isOn(variables['HF_HUB_OFFLINE'] || variables['TRANSFORMERS_OFFLINE']),
  };
}

/** Where models are kept. */
export function cacheFolderOf(variables: Variables): string {
  const folder = variables['HF_HUB_CACHE'] || variables['HUGGINGFACE_HUB_CACHE'] || join(homeFolder(variables), 'hub');
  return expandPath(folder, variables);
}

function homeFolder(variables: Variables): string {
  const home = variables['HF_HOME'] || join(variables['XDG_CACHE_HOME'] || '~/.cache', 'huggingface');
  return expandPath(home, variables);
}

/** Whether a switch is on. Nothing around the word is left out. */
export function isOn(value: string | undefined): boolean {
  return /^(1|on|yes|true)$/i.test(value ?? '');
}

function msOf(variables: Variables, name: string, part: keyof Patience): Patience {
  const value = variables[name]?.trim();
  if (!value || value === '0') return {};
  if (/^\+?\d{1,6}$/.test(value)) return { [part]: Number(value) * 1000 };
  throw new EmbeddingError('INPUT_INVALID', { where: name, expected: 'whole seconds', got: `'${value}'` });
}

function tokenOf(variables: Variables): string | undefined {
  return cleanToken(variables['HF_TOKEN'] || variables['HUGGING_FACE_HUB_TOKEN']) ?? storedToken(variables);
}

function storedToken(variables: Variables): string | undefined {
  const path = expandPath(variables['HF_TOKEN_PATH'] || join(homeFolder(variables), 'token'), variables);
  try {
    return cleanToken(readFileSync(path, 'utf8'));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new EmbeddingError('INPUT_INVALID', { where: path, expected: 'the token of the hub', got: code }, { cause });
  }
}

function cleanToken(token: string | undefined): string | undefined {
  return token?.replaceAll(/[\r\n]/g, '').trim() || undefined;
}
