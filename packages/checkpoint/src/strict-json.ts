/**
 * `JSON.parse` that also refuses an object with the same key twice, of which `JSON.parse` would keep the last.
 *
 * @throws {SyntaxError} On text that is not JSON, and on a duplicate key, naming it.
 */
export function strictJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  const open: (Set<string> | undefined)[] = [];
  // The text is known to be JSON, so outside strings a brace is structure, and a string before a colon is a key.
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '{') open.push(new Set());
    else if (char === '[') open.push(undefined);
    else if (char === '}' || char === ']') open.pop();
    else if (char === '"') {
      const end = stringEnd(text, i);
      if (isKey(text, end)) addKey(open.at(-1), JSON.parse(text.slice(i, end)) as string);
      i = end - 1;
    }
  }
  return value;
}

/** Index after the closing quote of the string that opens at `begin`. */
function stringEnd(text: string, begin: number): number {
  let i = begin + 1;
  while (text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
  return i + 1;
}

function isKey(text: string, end: number): boolean {
  let i = end;
  while (text[i] === ' ' || text[i] === '\t' || text[i] === '\n' || text[i] === '\r') i++;
  return text[i] === ':';
}

function addKey(keys: Set<string> | undefined, key: string): void {
  if (keys?.has(key)) throw new SyntaxError(`duplicate key '${key}'`);
  keys?.add(key);
}
