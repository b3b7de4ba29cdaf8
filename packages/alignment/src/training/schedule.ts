/** Learning rate at a step or an epoch, both from 0. */
export type Schedule = (step: number) => number;

/** Linear from `base / warmup` to `base` in `warmup` steps, then half a cosine down to 0 at `total`: open_clip's. */
export function warmupCosine(base: number, warmup: number, total: number): Schedule {
  return (step) =>
    step < warmup
      ? (base * (step + 1)) / warmup
      : 0.5 * base * (1 + Math.cos((Math.PI * (step - warmup)) / (total - warmup)));
}

/** `base` times `factor` for every `every` epochs that have passed: VSE++'s, with 15 epochs. */
export function stepDecay(base: number, every: number, factor = 0.1): Schedule {
  return (epoch) => base * factor ** Math.floor(epoch / every);
}
