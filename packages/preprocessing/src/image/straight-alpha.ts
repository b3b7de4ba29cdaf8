import type { Image } from './image.ts';

/**
 * Pixels with the colour that the file has under alpha, where the browser hands it out: a canvas multiplies colours by
 * alpha and rounds. Nothing is turned. `undefined` where it does not, or nothing is transparent.
 */
export async function decodeStraight(file: Uint8Array<ArrayBuffer>, type: string): Promise<Image | undefined> {
  if (typeof ImageDecoder === 'undefined' || !(await ImageDecoder.isTypeSupported(type))) return undefined;
  const options = { data: file, type, colorSpaceConversion: 'none', premultiplyAlpha: 'none' } as const;
  const decoder = new ImageDecoder(options);
  try {
    const { image: frame } = await decoder.decode();
    try {
      return await pixelsOf(frame);
    } finally {
      frame.close();
    }
  } catch {
    return undefined;
  } finally {
    decoder.close();
  }
}

async function pixelsOf(frame: VideoFrame): Promise<Image | undefined> {
  if (frame.format !== 'RGBA' && frame.format !== 'BGRA') return undefined;
  const { codedWidth: width, codedHeight: height } = frame;
  const data = new Uint8Array(width * height * 4);
  await frame.copyTo(data, { layout: [{ offset: 0, stride: width * 4 }] });
  if (frame.format === 'BGRA') swapRedAndBlue(data);
  return { data, width, height, channels: 4 };
}

function swapRedAndBlue(data: Uint8Array): void {
  for (let at = 0; at < data.length; at += 4) [data[at], data[at + 2]] = [data[at + 2]!, data[at]!];
}
