import { homedir } from 'node:os';
import { join } from 'node:path';

/** What the tools of the hub take from the environment. */
export interface HubEnvironment {
  /** `HF_HUB_CACHE`, or `hub` in `HF_HOME`, or in `huggingface` of the user's cache folder. */
  readonly cacheFolder: string;
  /** `HF_ENDPOINT`. */
  readonly endpoint: string;
  /** `HF_TOKEN`. */
  readonly token: string | undefined;
  /** `HF_HUB_OFFLINE`: 1, on, yes or true. */
  readonly offline: boolean;
}

/** An empty variable counts as one that is not set. */
export function hubEnvironment(variables: Readonly<Record<string, string | undefined>>): HubEnvironment {
  const read = (name: string): string | undefined => variables[name]?.trim() || undefined;
  const cache = read('XDG_CACHE_HOME') ?? join(homedir(), '.cache');
  const home = read('HF_HOME') ?? join(cache, 'huggingface');
  return {
    cacheFolder: read('HF_HUB_CACHE') ?? join(home, 'hub'),
    endpoint: read('HF_ENDPOINT') ?? 'https://huggingface.co',
    token: read('HF_TOKEN'),
    offline: /^(1|on|yes|true)$/i.test(read('HF_HUB_OFFLINE') ?? ''),
  };
}
