/** What a field may hold that no one expects there. */
const values: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -0,
  -1,
  1,
  2,
  3,
  7,
  0.5,
  1e-300,
  255,
  65_536,
  1e9,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  1e308,
  '',
  '7',
  'constructor',
  '__proto__',
  'gelu',
  '\u0000\u001B[2J',
  'a'.repeat(5000),
  [],
  [0],
  [1, 1],
  [[]],
  Array.from({ length: 1000 }, () => 1),
  {},
  { toString: 1 },
  { size: -1 },
];

/** Numbers in `[0, 1)` by a seed; Marsaglia's xorshift of 32 bits. */
export function seeded(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

type Tree = Record<string, unknown>;

/** A copy of a JSON value with one to three of its places changed. */
export function mutated(json: unknown, random: () => number): unknown {
  const copy = structuredClone(json);
  const changes = 1 + Math.floor(random() * 3);
  for (let i = 0; i < changes; i++) change(copy, random);
  return copy;
}

function change(root: unknown, random: () => number): void {
  const places = placesIn(root);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  if (places.length === 0) return;
  const [parent, name] = pick(places);
  const [otherParent, otherName] = pick(places);
  const kind = random();
  if (kind < 0.1) delete parent[name];
  else if (kind < 0.2) parent[name] = structuredClone(otherParent[otherName]);
  else if (kind < 0.3) parent[pick(places)[1]] = structuredClone(pick(values));
  else if (kind < 0.5 && typeof parent[name] === 'number') parent[name] = near(parent[name], random);
  else parent[name] = structuredClone(pick(values));
}

function near(value: number, random: () => number): number {
  const steps = [value + 1, value - 1, value * 2, value / 2, -value, value * 1000, value + 0.5];
  return steps[Math.floor(random() * steps.length)]!;
}

function placesIn(root: unknown): (readonly [parent: Tree, name: string])[] {
  if (typeof root !== 'object' || root === null) return [];
  const parent = root as Tree;
  return Object.keys(parent).flatMap((name) => [[parent, name] as const, ...placesIn(parent[name])]);
}
