import type { ByteSource } from '@diptych/files';
import { invalid } from '../invalid.ts';
import { checkLength } from './longest.ts';
import { textOf } from './text.ts';

/**
 * The text of each object of the list `key` at the top of a JSON file, one at a time: `{"images": [{…}, {…}], …}`.
 *
 * Only what is needed to find the ends of objects is looked at; the objects themselves are the caller's to parse.
 */
export async function* jsonItems(file: ByteSource, key: string, signal?: AbortSignal): AsyncGenerator<string> {
  const scanner = itemScanner(key, file.name);
  for await (const piece of textOf(file, signal)) yield* scanner.push(piece);
  if (!scanner.found()) throw invalid(file.name, `a list '${key}' at the top`, 'none');
  if (!scanner.closed()) throw invalid(file.name, 'the end of its JSON', 'the end of the file');
}

interface ItemScanner {
  /** The objects that `piece` completes. */
  push(piece: string): string[];
  found(): boolean;
  closed(): boolean;
}

function itemScanner(wanted: string, file: string): ItemScanner {
  const quoted = JSON.stringify(wanted);
  let depth = 0;
  let string: 'none' | 'inside' | 'escaped' = 'none';
  /** The string that began last outside the list, quotes included; its key where a list begins. */
  let name = '';
  let state: 'before' | 'inside' | 'after' = 'before';
  let item = '';
  const open = (char: string): void => {
    depth++;
    if (char === '[' && depth === 2 && name === quoted && state === 'before') state = 'inside';
  };
  const close = (): void => {
    depth--;
    if (depth === 1 && state === 'inside') state = 'after';
  };
  return {
    push(piece) {
      const items: string[] = [];
      let begin = 0;
      for (let i = 0; i < piece.length; i++) {
        const char = piece[i]!;
        if (string !== 'none') {
          // A longer name than the wanted one is another.
          if (state === 'before' && depth === 1 && name.length <= quoted.length) name += char;
          string = string === 'escaped' ? 'inside' : char === '\\' ? 'escaped' : char === '"' ? 'none' : 'inside';
        } else if (state === 'inside' && depth === 2 && !/[\s,{}[\]]/.test(char)) {
          throw invalid(file, `objects in the list ${quoted}`, `'${char}'`);
        } else if (char === '"') {
          string = 'inside';
          if (depth === 1) name = char;
        } else if (char === '{' || char === '[') {
          if (state === 'inside' && depth === 2) begin = i;
          open(char);
        } else if (char === '}' || char === ']') {
          close();
          if (state === 'inside' && depth === 2) {
            items.push(item + piece.slice(begin, i + 1));
            item = '';
          }
        }
      }
      if (state === 'inside' && depth > 2) item += piece.slice(item === '' ? begin : 0);
      checkLength(item.length, file, `an object of the list ${quoted}`);
      return items;
    },
    found: () => state !== 'before',
    closed: () => depth === 0 && string === 'none',
  };
}
