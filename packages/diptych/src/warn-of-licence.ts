import type { Files } from '@diptych/files';

export interface WarningOptions {
  /**
   * Told of a licence that forbids commercial use, once the model is open. Default one line on the console, once for each model,
   * but for those of a URL, which is asked for the model's card (`README.md`) only where this is given.
   */
  readonly onWarning?: (warning: string) => void;
}

/** Warns of the licence of these files where their card, or what is known of the model, calls for it. */
export async function warnOfLicence(
  files: Files,
  { onWarning, signal }: WarningOptions & { readonly signal?: AbortSignal },
): Promise<void> {
  // What cannot say which files there are would be asked in vain, which a page's console shows in red.
  if (!files.paths && !onWarning) return;
  loaded ??= await import('./licence-warning.ts');
  const warning = await loaded.licenceWarning(files, signal);
  if (warning !== undefined) (onWarning ?? loaded.warnOnce)(warning);
}

/** Kept: in browsers an `import()` is a few turns of the event loop each time. */
let loaded: typeof import('./licence-warning.ts') | undefined;
