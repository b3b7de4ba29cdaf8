// Writes what a binary exports as an interface of TypeScript, from the declarations that AssemblyScript's compiler makes of
// its sources.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format } from 'oxfmt';

/** Interfaces by the sources that they are of. */
const interfaces = {
  'index.ts': { file: 'kernels/exports.ts', name: 'KernelExports' },
  'threads.ts': { file: 'threads/exports.ts', name: 'ThreadExports' },
  'algebra/index.ts': { file: 'algebra/exports.ts', name: 'AlgebraExports' },
  'search/index.ts': { file: 'search/exports.ts', name: 'SearchExports' },
};
/** Functions with more arguments take them by name. */
const mostInOrder = 9;
const rules = JSON.parse(readFileSync(new URL('../../../.oxfmtrc.json', import.meta.url), 'utf8'));

/**
 * Writes the interface of `entry`. Where the repository is checked, in CI, a stale file is an error instead.
 *
 * @param declarations Those of `asc --bindings raw`.
 * @param known Names of `index.ts`, which those of `threads.ts` come on top of; it is written first.
 */
export async function writeInterface(entry, declarations, known) {
  const { file, name } = interfaces[entry];
  const all = functionsOf(declarations);
  if (entry === 'index.ts') for (const one of all) known.add(one.name);
  const functions = entry === 'threads.ts' ? all.filter((one) => !known.has(one.name)) : all;
  await publish(`src/${file}`, textOf(entry, name, functions));
}

/** Writes the numbers of activations, as `assembly/activations.ts` has them, by the names of configuration files. */
export async function writeActivations() {
  const source = readFileSync(new URL('../assembly/activations.ts', import.meta.url), 'utf8');
  const found = [...source.matchAll(/^export const (\w+): i32 = (\d+);$/gm)].filter(([, name]) => name !== 'NONE');
  const lines = found.map(([, name, number]) => `${name.toLowerCase()}: ${number},`);
  await publish(
    'src/kernels/activations.ts',
    `// Made of \`assembly/activations.ts\` by \`tools/kernels.mjs\`: not by hand.
import type { FusedActivation } from '@diptych/core';

/** The numbers that the kernels know the activations by; 0 is none. */
export const activationNumbers: Readonly<Record<FusedActivation, number>> = {
${lines.join('\n')}
};
`,
  );
}

/** Writes what kernels and layers must have alike, of the file of core that has it, as constants of the kernels. */
export async function writeConstants() {
  const source = readFileSync(new URL('../../core/src/numbers/kernel-constants.ts', import.meta.url), 'utf8');
  const constants = await import(`data:text/javascript,${encodeURIComponent(source.replaceAll(' as const', ''))}`);
  const lines = Object.entries(constants).flatMap((one) => linesOf(...one));
  const first = '// Made of `numbers/kernel-constants.ts` of core by `tools/kernels.mjs`: not by hand.';
  await publish('assembly/constants.ts', `${first}\n\n${lines.join('\n')}\n`);
}

/** A line for each number: parts of objects and lists are named after their keys. */
function linesOf(name, value) {
  if (typeof value === 'object') return Object.entries(value).flatMap(([key, one]) => linesOf(`${name}_${key}`, one));
  return `export const ${name.replace(/[A-Z]/g, '_$&').toUpperCase()}: f32 = ${value};`;
}

async function publish(file, text) {
  const path = fileURLToPath(new URL(`../${file}`, import.meta.url));
  const { code } = await format(path, text, rules);
  if (readFileSync(path, { encoding: 'utf8', flag: 'a+' }) === code) return;
  if (process.env['CI'])
    throw new Error(`${file}: run tools/kernels.mjs and commit it; what it is made of has changed`);
  writeFileSync(path, code);
}

function functionsOf(declarations) {
  const found = declarations.matchAll(/\/\*\*\n((?: +\* .*\n)+) +\*\/\n +export function (\w+)\(.*?\): (\w+);/g);
  return [...found].map(([, comment, name, result]) => {
    const parameters = [...comment.matchAll(/@param (\w+) `(\w+)`/g)];
    return { name, result, parameters: parameters.map(([, of, type]) => [of, type === 'bool' ? 'boolean' : 'number']) };
  });
}

function textOf(entry, name, functions) {
  const methods = functions.map(({ name: own, result, parameters }) => {
    const listed = parameters.map(([of, type]) => `${of}: ${type}`);
    if (listed.length <= mostInOrder) return `${own}(${listed.join(', ')}): ${result};`;
    return `${own}(of: { ${listed.map((of) => `readonly ${of}`).join('; ')} }): ${result};`;
  });
  const named = functions.filter(({ parameters }) => parameters.length > mostInOrder);
  const values = named.map(({ name: own, parameters }) => {
    return `${own}: (of) => raw['${own}']!(${parameters.map(([of]) => `of.${of}`).join(', ')}),`;
  });
  const byName = `
  const raw = exports as Record<string, (...given: number[]) => number>;
  const byName: Partial<${name}> = {
${values.join('\n')}
  };`;
  return `// Made of \`assembly/${entry}\` by \`tools/kernels.mjs\`: not by hand.

/** What the binary of \`assembly/${entry}\` exports; the sources say what each does. */
export interface ${name} {
${methods.join('\n')}
}

/** The exports of an instance. */
export function readExports(exports: WebAssembly.Exports): ${name} {${named.length > 0 ? byName : ''}
  return Object.assign({}, exports as object${named.length > 0 ? ', byName' : ''}) as ${name};
}
`;
}
