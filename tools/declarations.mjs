// Declarations that TypeScript from 5.4 on reads, and with `lib: es2022` alone, without `dom` and without @types/node: what
// either has is taken from there, and what nobody has is nothing that could be given.
const disposal = /\bDisposable\b|Symbol\.dispose/;
const classes = ['AbortSignal', 'Blob', 'Response', 'URL'];
const compiled = ['Memory', 'Module'];
const others = {
  RequestInit: where('{ fetch: (address: never, init?: infer T) => unknown }', 'NonNullable<T>'),
  BufferSource: where(
    '{ WebAssembly: { Module: new (bytes: infer T) => unknown } }',
    'T',
    'ArrayBuffer | ArrayBufferView',
  ),
};

const platform = new Map([
  ...classes.map((name) => [name, where(`{ ${name}: { prototype: infer T } }`)]),
  ...compiled.map((name) => [`WebAssembly${name}`, where(`{ WebAssembly: { ${name}: { prototype: infer T } } }`)]),
  ...Object.entries(others),
]);

/** A file of declarations as tsc writes it, for all of these. */
export function widelyRead(text) {
  const said = text
    // Arrays have a type of buffer since 5.7; a copy always has its own.
    .replaceAll(/\b(\w+Array)<ArrayBuffer>/g, `ReturnType<$1['slice']>`)
    .replaceAll(/\btypeof globalThis\.(\w+)/g, (_, name) => `(${where(`{ ${name}: infer T }`)})`)
    .replaceAll(/\bWebAssembly\.(Memory|Module)\b/g, 'WebAssembly$1');
  const code = said.replaceAll(/\/\*[^]*?\*\/|\/\/.*/g, '');
  const named = [...platform].filter(([name]) => new RegExp(`(?<![.\\w])${name}\\b`).test(code));
  return [
    ...(disposal.test(text) ? ['/// <reference lib="esnext.disposable" />\n'] : []),
    said,
    ...named.map(([name, type]) => `type ${name} = ${type};\n`),
  ].join('');
}

function where(has, type = 'T', otherwise = 'never') {
  return `typeof globalThis extends ${has} ? ${type} : ${otherwise}`;
}
