/** Parameters of a block, weights as `[inputs][outputs]`. */
export interface Block {
  readonly norm1: Norm;
  readonly inProj: Layer;
  readonly outProj: Layer;
  readonly norm2: Norm;
  readonly fc1: Layer;
  readonly fc2: Layer;
}

interface Norm {
  readonly weight: number[];
  readonly bias: number[];
}

interface Layer {
  readonly weight: number[][];
  readonly bias: number[];
}

interface Sizes {
  readonly images: number;
  readonly width: number;
  readonly heads: number;
  readonly layerNormEpsilon: number;
  /** Tokens that are merged in each block. */
  readonly count: number;
}

/** A token and of how many it is the mean. */
interface Token {
  readonly values: number[];
  readonly size: number;
}

/**
 * Class tokens after all blocks by the formulas of Bolya et al. 2023, arXiv:2210.09461, section 3 and appendix D, and with
 * QuickGELU: in JavaScript's numbers, image by image, token by token.
 */
export function mergedReference(blocks: readonly Block[], values: readonly number[], sizes: Sizes): number[] {
  const { images, width, count } = sizes;
  const each = values.length / images;
  return Array.from({ length: images }, (_, image) => {
    let tokens: Token[] = [];
    for (let at = image * each; at < (image + 1) * each; at += width) {
      tokens.push({ values: values.slice(at, at + width), size: 1 });
    }
    for (const block of blocks) {
      const { attended, keys } = attend(block, tokens, sizes);
      tokens = merge(attended, keys, count).map(({ values: x, size }) => {
        const hidden = linear(block.fc1, norm(block.norm2, x, sizes.layerNormEpsilon));
        const active = hidden.map((h) => h / (1 + Math.exp(-1.702 * h)));
        return { values: sum(x, linear(block.fc2, active)), size };
      });
    }
    return tokens[0]!.values;
  }).flat();
}

/** `A = softmax(QKᵀ / √d + log s)`, and the mean of the keys over the heads. */
function attend(block: Block, tokens: readonly Token[], { width, heads, layerNormEpsilon }: Sizes) {
  const size = width / heads;
  const stacked = tokens.map(({ values }) => linear(block.inProj, norm(block.norm1, values, layerNormEpsilon)));
  const part = (token: number, which: number, head: number) =>
    stacked[token]!.slice(which * width + head * size, which * width + (head + 1) * size);
  const attended = tokens.map((token, i) => {
    const found = Array.from({ length: heads }, (_, head) => {
      const q = part(i, 0, head);
      const scores = tokens.map((other, j) => dot(q, part(j, 1, head)) / Math.sqrt(size) + Math.log(other.size));
      const highest = Math.max(...scores);
      const powers = scores.map((score) => Math.exp(score - highest));
      const total = powers.reduce((a, b) => a + b);
      return powers.reduce((mean, power, j) => sum(mean, scaled(part(j, 2, head), power / total)), zeros(size));
    });
    return { values: sum(token.values, linear(block.outProj, found.flat())), size: token.size };
  });
  const keys = tokens.map((_, i) => {
    const ofHeads = Array.from({ length: heads }, (__, head) => part(i, 1, head));
    return scaled(ofHeads.reduce(sum), 1 / heads);
  });
  return { attended, keys };
}

/**
 * Bipartite soft matching: tokens alternate between A and B, each of A has one edge to the most similar of B, the `count` most
 * similar edges are kept, what they connect becomes one. No edge begins at the class token.
 */
function merge(tokens: readonly Token[], keys: readonly number[][], count: number): Token[] {
  const edges: { from: number; to: number; similarity: number }[] = [];
  for (let from = 2; from < tokens.length; from += 2) {
    const candidates = keys.flatMap((key, to) =>
      to % 2 === 1 ? [{ from, to, similarity: cosine(keys[from]!, key) }] : [],
    );
    edges.push(candidates.reduce((best, one) => (one.similarity > best.similarity ? one : best)));
  }
  const kept = edges.toSorted((a, b) => b.similarity - a.similarity).slice(0, count);
  const gone = new Set(kept.map(({ from }) => from));
  const groups = tokens.map((_, i) => [i, ...kept.flatMap(({ from, to }) => (to === i ? [from] : []))]);
  const places = [...tokens.keys()].filter((i) => !gone.has(i));
  // A before B, as the paper's code puts them together.
  return [...places.filter((i) => i % 2 === 0), ...places.filter((i) => i % 2 === 1)].map((i) => {
    const members = groups[i]!.map((member) => tokens[member]!);
    const size = members.reduce((total, member) => total + member.size, 0);
    return { values: scaled(members.map((member) => scaled(member.values, member.size)).reduce(sum), 1 / size), size };
  });
}

function norm({ weight, bias }: Norm, x: readonly number[], epsilon: number): number[] {
  const mean = x.reduce((a, b) => a + b) / x.length;
  const variance = x.reduce((total, value) => total + (value - mean) ** 2, 0) / x.length;
  return x.map((value, i) => ((value - mean) / Math.sqrt(variance + epsilon)) * weight[i]! + bias[i]!);
}

function linear({ weight, bias }: Layer, x: readonly number[]): number[] {
  return bias.map((start, out) => x.reduce((total, value, i) => total + value * weight[i]![out]!, start));
}

function cosine(a: readonly number[], b: readonly number[]): number {
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((total, value, i) => total + value * b[i]!, 0);
}

function sum(a: readonly number[], b: readonly number[]): number[] {
  return a.map((value, i) => value + b[i]!);
}

function scaled(a: readonly number[], factor: number): number[] {
  return a.map((value) => value * factor);
}

function zeros(length: number): number[] {
  return Array.from({ length }, () => 0);
}
