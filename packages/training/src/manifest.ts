/** The `package.json` of this package, which knows its version; sources and what is built of them lie one folder below. */
export function manifest(): URL {
  return new URL('../package.json', import.meta.url);
}
