import { fileURLToPath } from 'node:url';
import type { WeightType } from '@diptych/core';
import { main } from 'assemblyscript/asc';
import { type Clock, processorClock } from './interleave.ts';

/** What one thread of this engine can do at most, by what is multiplied: 1e9 multiplications and additions a second. */
export type Peaks = Readonly<Record<WeightType, number>>;

type PeakKernels = Record<WeightType, (rounds: number, factor: number) => number>;

/** Multiplications and additions in one round. */
const operations: Readonly<Record<WeightType, number>> = { float32: 96, int16: 192, int8: 384 };

const factors: Readonly<Record<WeightType, number>> = { float32: 0.999, int16: 3, int8: 3 };
const rounds = 2e6;

/** Measures loops that only multiply and add, best of ten, with the instructions that our kernels use. */
export async function peaks(relaxed: boolean, clock: Clock = processorClock): Promise<Peaks> {
  const kernels = await compile(relaxed);
  const peakOf = async (dtype: WeightType): Promise<number> => {
    const run = kernels[dtype];
    run(rounds, factors[dtype]);
    // The engine compiles what is hot once more, beside.
    await new Promise((resume) => setTimeout(resume, 200));
    const times = Array.from({ length: 10 }, () => {
      const start = clock();
      run(rounds, factors[dtype]);
      return clock() - start;
    });
    return (operations[dtype] * rounds) / Math.min(...times) / 1e6;
  };
  return { float32: await peakOf('float32'), int16: await peakOf('int16'), int8: await peakOf('int8') };
}

async function compile(relaxed: boolean): Promise<PeakKernels> {
  const features = ['simd', ...(relaxed ? ['relaxed-simd'] : [])].flatMap((name) => ['--enable', name]);
  const baseDir = fileURLToPath(new URL('../assembly', import.meta.url));
  let binary = new Uint8Array();
  const args = ['peak.ts', '--baseDir', baseDir, '--outFile', 'peak.wasm', '--optimizeLevel', '3', '--runtime', 'stub'];
  const writeFile = (_name: string, contents: string | Uint8Array) =>
    void (binary = Uint8Array.from(contents as Uint8Array));
  const { error } = await main([...args, ...features], { writeFile });
  if (error) throw error;
  const { instance } = await WebAssembly.instantiate(binary, { env: { abort: () => undefined } });
  return instance.exports as WebAssembly.Exports & PeakKernels;
}
