import type { Json } from './model-json.ts';

/** What to say of a model that brings its own Python. */
export function ownCode(config: Json): string {
  return config['auto_map'] === undefined
    ? ''
    : '; it runs code of its own (trust_remote_code), which is never run here';
}
