/** Hears of each item that is left out, by its name: a path, a URL, a text; and why. */
export type OnFailure = (name: string, error: Error) => void;
