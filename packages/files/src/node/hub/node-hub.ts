import { expectMembers } from '@diptych/core';
import { diskCache } from './disk-cache.ts';
import { environmentFetch } from './environment-fetch.ts';
import { hubEnvironment, isOn, type HubEnvironment } from './environment.ts';
import { hubFiles, type HubFiles, type HubOptions } from '../../hub/hub-files.ts';

export interface NodeHubOptions extends HubOptions {
  /** Default: where `HF_HUB_CACHE`, `HF_HOME` or `XDG_CACHE_HOME` say, or `~/.cache/huggingface/hub`. */
  readonly cacheFolder?: string;
}

/**
 * A model of the Hugging Face hub, kept on disk in the layout of huggingface_hub.
 *
 * What `options` leave open comes from `HF_ENDPOINT`, `HF_TOKEN` or the token that `hf auth login` stored,
 * `HF_HUB_OFFLINE`, `HTTPS_PROXY` and its kin, and the variables of the cache. A revision that is in the cache is used
 * when the hub cannot be reached, fails or refuses the model; files of a commit that are there, or that it is known
 * not to have, are not asked for.
 *
 * Opening rejects with `NOT_FOUND` for a model, revision or token that the hub refuses and for a model that is not in
 * the cache when offline; with `NETWORK` when the hub fails or sends something else than it lists.
 *
 * @param name `org/name`.
 * @throws {EmbeddingError} `INPUT_INVALID` for an impossible name, revision or token.
 */
export function hub(name: string, options: NodeHubOptions = {}): HubFiles {
  expectMembers(options, 'hub: options');
  const { cacheFolder, fetch = environmentFetch(process.env), ...rest } = withEnvironment(options);
  const symlinks = !isOn(process.env['HF_HUB_DISABLE_SYMLINKS']);
  return hubFiles(name, diskCache(cacheFolder, { symlinks }), { ...rest, fetch });
}

/** The options, and what the environment says where they are silent. */
export function withEnvironment<O extends NodeHubOptions>(options: O): O & HubEnvironment {
  return { ...hubEnvironment(process.env), ...options };
}
