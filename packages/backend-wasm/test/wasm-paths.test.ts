import { afterEach, expect, it, vi } from 'vitest';
import { linearAlgebra, scoreKernel } from '../src/algebra.ts';
import { defaultBackend, useBackend } from '../src/index.ts';
import { kernelVariant } from '../src/kernels/binary.ts';
import { searchKernels } from '../src/search.ts';
import { workerAddress, type WasmName, type WasmSource, wasmSource } from '../src/wasm/wasm-paths.ts';

afterEach(() => vi.unstubAllGlobals());

const nowhere = 'https://cdn.example/wasm/';
type Binary = Exclude<WasmName, 'diptych-worker.js'>;

it.each([nowhere, new URL(nowhere)])('a folder has every file, the worker too: %s', (folder) => {
  expect(wasmSource('tfjs-backend-wasm-simd.wasm', folder)).toBe(`${nowhere}tfjs-backend-wasm-simd.wasm`);
  expect(wasmSource('diptych-kernels-relaxed.wasm', folder)).toBe(`${nowhere}diptych-kernels-relaxed.wasm`);
  expect(workerAddress(folder)).toBe(`${nowhere}diptych-worker.js`);
});

it('what is not named lies beside the code, and threads start from a blob', () => {
  const source = wasmSource('diptych-search.wasm', { 'diptych-algebra.wasm': 'other.wasm' });
  expect(source).toEqual(new URL('../src/wasm/diptych-search.wasm', import.meta.url));
  expect(workerAddress({})).toBeUndefined();
});

it('code that does not know its own address says which file it misses and what to do', async () => {
  class NoAddress extends URL {
    constructor(url: string | URL, base?: string | URL) {
      super(url, /^[./].*\.wasm$/.test(String(url)) ? undefined : base);
    }
  }
  vi.stubGlobal('URL', NoAddress);
  const refused = (name: string) => ({
    code: 'BACKEND_UNAVAILABLE',
    message: expect.stringMatching(`^${name}: expected import.meta.url, .* set wasmPaths`),
  });
  await expect(useBackend('wasm')).rejects.toMatchObject(refused('tfjs-backend-wasm-simd.*.wasm'));
  await expect(searchKernels()).rejects.toMatchObject(refused('diptych-search.*.wasm'));
});

it.each([
  ['search', searchKernels],
  ['linear algebra', linearAlgebra],
  ['scores', scoreKernel],
] as const)('kernels for %s are read where they are said to be', async (user, load) => {
  const fetched = vi.fn<typeof fetch>(async () => new Response('', { status: 404 }));
  vi.stubGlobal('fetch', fetched);
  await expect(load({ wasmPaths: nowhere })).rejects.toMatchObject({
    code: 'BACKEND_UNAVAILABLE',
    message: expect.stringMatching(`^${user}: expected its kernels at ${nowhere}diptych-.*.wasm, got .`),
  });
  expect(fetched).toHaveBeenCalledTimes(1);
  await expect(load({ wasmPaths: '/folder' })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
});

async function bytesOf(name: Binary): Promise<Uint8Array<ArrayBuffer>> {
  const url = wasmSource(name, undefined) as URL;
  const node = globalThis.process?.getBuiltinModule?.('node:fs');
  return node ? Uint8Array.from(node.readFileSync(url)) : new Uint8Array(await (await fetch(url)).arrayBuffer());
}

/** What a platform gives that compiles by itself. */
async function modules(): Promise<Partial<Record<Binary, WasmSource>>> {
  const kernels = kernelVariant() === 'simd' ? 'diptych-kernels' : 'diptych-kernels-relaxed';
  const tfjs = 'tfjs-backend-wasm-simd';
  const names = [`${tfjs}.wasm`, `${tfjs}-shared.wasm`, `${kernels}.wasm`, `${kernels}-threads.wasm`] as const;
  const compiled = names.map(async (name) => [name, await WebAssembly.compile(await bytesOf(name))] as const);
  return Object.fromEntries(await Promise.all(compiled));
}

// One test file is one process or page: tfjs takes its binary once.
it('the backend and its kernels start on modules that the caller gives, and read nothing', async () => {
  const wasmPaths = await modules();
  const read = vi.fn<typeof fetch>(() => Promise.reject(new Error('nothing is to be fetched')));
  vi.stubGlobal('fetch', read);
  const { instantiate } = WebAssembly;
  const info = await defaultBackend({ wasmPaths, threads: 1 });
  expect(info).toMatchObject({ name: 'wasm', simd: true, kernels: expect.stringMatching(/simd$/) });
  expect(read).not.toHaveBeenCalled();
  expect(WebAssembly.instantiate).toBe(instantiate);
  expect(await useBackend('wasm', { wasmPaths })).toMatchObject({ name: 'wasm' });
  await expect(useBackend('wasm', { wasmPaths: nowhere })).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    message: expect.stringContaining(nowhere),
  });
});

it('a binary that is in its address is not fetched, which a policy may forbid', async () => {
  const names = ['diptych-algebra.wasm', 'diptych-algebra-relaxed.wasm'] as const;
  const addresses = names.map(async (name) => {
    const letters = Array.from(await bytesOf(name), (byte) => String.fromCharCode(byte));
    return [name, `data:application/wasm;base64,${btoa(letters.join(''))}`] as const;
  });
  const wasmPaths = Object.fromEntries(await Promise.all(addresses));
  const read = vi.fn<typeof fetch>(() => Promise.reject(new TypeError('Failed to fetch')));
  vi.stubGlobal('fetch', read);
  expect(await linearAlgebra({ wasmPaths })).toBeDefined();
  expect(read).not.toHaveBeenCalled();
});

it('bytes do as well', async () => {
  const names = ['diptych-search.wasm', 'diptych-search-relaxed.wasm'] as const;
  const [plain, relaxed] = await Promise.all(names.map(bytesOf));
  const kernels = await searchKernels({ wasmPaths: { [names[0]]: plain, [names[1]]: relaxed } });
  expect(Object.keys(kernels!)).toEqual(['float32', 'int8', 'ubinary']);
});
