import type { Files } from '@diptych/files';
import { goldenBytes } from '@diptych/golden';

/** What a file of weights says of its arrays, by their names. */
export type Manifest = ReadonlyMap<string, Stored>;

/** One array as the header has it. */
export interface Stored {
  readonly dtype: string;
  readonly shape: readonly number[];
}

/** How the arrays of a small model become those of the published size. */
export interface Growth {
  /** What each length becomes, in arrays whose names the pattern matches; the first pattern counts. 1 and 3 stay. */
  readonly lengths: readonly (readonly [names: RegExp, becomes: Readonly<Record<number, number>>])[];
  /** How many there are of what is numbered behind such a beginning of names: the last of the small model is repeated, or those behind the count left out. */
  readonly counts?: Readonly<Record<string, number>>;
}

/** The header of a safetensors file among the references. */
export async function manifestOf(path: string): Promise<Manifest> {
  const bytes = await goldenBytes(path);
  const end = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const { __metadata__: _, ...arrays } = JSON.parse(new TextDecoder().decode(bytes.subarray(8, end))) as Record<
    string,
    Stored
  >;
  return new Map(Object.entries(arrays).map(([name, { dtype, shape }]) => [name, { dtype, shape }]));
}

/** @throws {Error} For a length of which nothing is said. */
export function grown(small: Manifest, { lengths, counts = {} }: Growth): Manifest {
  const all = [...small].flatMap(([name, stored]) =>
    copies(name, small, counts).map((copy) => {
      const shape = stored.shape.map((length) => grownLength(copy, length, lengths));
      return [copy, { ...stored, shape }] as const;
    }),
  );
  return new Map(all);
}

function copies(name: string, small: Manifest, counts: Readonly<Record<string, number>>): readonly string[] {
  const found = Object.entries(counts).find(([begin]) => name.startsWith(begin));
  if (!found) return [name];
  const [begin, count] = found;
  const own = numberBehind(name, begin);
  const last = Math.max(
    ...[...small.keys()].filter((other) => other.startsWith(begin)).map((o) => numberBehind(o, begin)),
  );
  if (own >= count) return [];
  if (own < last) return [name];
  const rest = name.slice(begin.length + `${own}`.length);
  return Array.from({ length: count - last }, (_, i) => `${begin}${last + i}${rest}`);
}

function numberBehind(name: string, begin: string): number {
  return Number.parseInt(name.slice(begin.length), 10);
}

function grownLength(name: string, length: number, lengths: Growth['lengths']): number {
  const becomes = lengths.find(([names]) => names.test(name))?.[1];
  const own = becomes?.[length] ?? (length === 1 || length === 3 ? length : undefined);
  if (own === undefined) throw new Error(`${name}: what becomes of ${length}?`);
  return own;
}

export function valuesIn(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

const bytesOf: Readonly<Record<string, number>> = { F32: 4, I64: 8 };

/** Values `from` on of an array, into `into`. */
export type Fill = (name: string, shape: readonly number[], from: number, into: Float32Array) => void;

/** The same files, and files of weights that are headers alone: whoever reads a value gets an error, or what `fill` makes. */
export function withHeaders(files: Files, weights: ReadonlyMap<string, Manifest>, fill?: Fill): Files {
  const headers = new Map([...weights].map(([path, manifest]) => [path, headerOf(manifest)] as const));
  return {
    id: files.id,
    has: async (path) => headers.has(path) || (await files.open(path)) !== undefined,
    async open(path, signal) {
      const header = headers.get(path);
      if (!header) return files.open(path, signal);
      const { bytes, arrays, size } = header;
      return {
        name: `${files.id}/${path}`,
        size,
        async read(begin, end) {
          if (end <= bytes.length) return bytes.slice(begin, end);
          if (!fill) throw new Error(`${path}: a value is read`);
          const values = new Float32Array((end - begin) / 4);
          const first = (begin - bytes.length) / 4;
          for (const [name, { shape, from, to }] of arrays) {
            const [low, high] = [Math.max(from, first), Math.min(to, first + values.length)];
            if (low < high) fill(name, shape, low - from, values.subarray(low - first, high - first));
          }
          return new Uint8Array(values.buffer);
        },
      };
    },
  };
}

/** Where each array is among the values, counted in fours of bytes. */
type Placed = readonly (readonly [
  string,
  { readonly shape: readonly number[]; readonly from: number; readonly to: number },
])[];

function headerOf(manifest: Manifest): { readonly bytes: Uint8Array; readonly size: number; readonly arrays: Placed } {
  let at = 0;
  const arrays = [...manifest].map(([name, { dtype, shape }]) => {
    const from = at;
    at += (valuesIn(shape) * bytesOf[dtype]!) / 4;
    return [name, { dtype, shape, from, to: at }] as const;
  });
  const entries = arrays.map(([name, { dtype, shape, from, to }]) => [
    name,
    { dtype, shape, data_offsets: [4 * from, 4 * to] },
  ]);
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const bytes = new Uint8Array(8 + text.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return { bytes, size: bytes.length + 4 * at, arrays };
}
