import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { availableParallelism } from 'node:os';
import { json } from 'node:stream/consumers';
import sharp from 'sharp';
import type { OnnxRuntime } from './engines.ts';

// `servers-onnx.ts <onnxruntime-web or onnxruntime-node> <model.onnx>`: the plainest server of a tower, one image at a time.
const [engine, model] = process.argv.slice(2) as [string, string];
const threads = availableParallelism();
const [size, mean, std] = [224, [0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]];
const runtime = (await import(engine)) as OnnxRuntime & { env: { wasm: { numThreads: number } } };
if (engine === 'onnxruntime-web') runtime.env.wasm.numThreads = threads;
const provider = engine === 'onnxruntime-web' ? 'wasm' : 'cpu';
const session = await runtime.InferenceSession.create(await readFile(model), {
  executionProviders: [provider],
  graphOptimizationLevel: 'all',
  intraOpNumThreads: threads,
});

async function pixelsOf(image: string): Promise<Float32Array> {
  const resized = sharp(Buffer.from(image, 'base64')).resize(size, size, { kernel: 'cubic' });
  const bytes = await resized.removeAlpha().raw().toBuffer();
  const area = size * size;
  const pixels = new Float32Array(3 * area);
  for (let channel = 0; channel < 3; channel++) {
    for (let at = 0; at < area; at++) {
      pixels[channel * area + at] = (bytes[3 * at + channel]! / 255 - mean[channel]!) / std[channel]!;
    }
  }
  return pixels;
}

async function rowOf(image: string): Promise<Float32Array> {
  const pixels = new runtime.Tensor('float32', await pixelsOf(image), [1, 3, size, size]);
  const [output] = Object.values(await session.run({ pixels }));
  const row = output!.data as Float32Array;
  const length = Math.hypot(...row);
  return row.map((v) => v / length);
}

const server = createServer((request, response) => {
  void (async () => {
    const { input } = (await json(request)) as { input: [{ image: string }] };
    const row = await rowOf(input[0].image);
    const embedding = Buffer.from(row.buffer).toString('base64');
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ object: 'list', data: [{ object: 'embedding', index: 0, embedding }] }));
  })();
});
server.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }));
});
