import type { Kernel } from './filters.ts';
import type { Image, Window } from './image.ts';
import { resample } from './resample.ts';
import { loadResizeKernels, type ResizeKernels } from './simd/resize-kernels.ts';
import { simdResample } from './simd/simd-resample.ts';

let kernels: ResizeKernels | undefined;
let starting: Promise<boolean> | undefined;

/** Whether resizing is done in SIMD from now on. Without it the pixels are the same and take some five times as long. */
export function startKernels(): Promise<boolean> {
  return (starting ??= loadResizeKernels().then(
    (loaded) => Boolean((kernels = loaded)),
    () => false,
  ));
}

/** As `resample`, by the kernels where they were started. */
export function resampled(
  image: Image,
  kernel: Kernel,
  size: { readonly width: number; readonly height: number },
  window: Window,
): Uint8Array {
  const fast = kernels && simdResample(kernels, image, kernel, size, window);
  return fast ?? resample(image, kernel, size, window);
}
