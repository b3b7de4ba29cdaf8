import { imageProcessor, parseImageProcessor } from '../../src/index.ts';
import { loadImage } from '../../src/node.ts';
import { pngFile } from '../image/png-file.ts';

// Many small files of many pixels at once; prints how many were read and the most memory that was held, in MiB.
const [side, count] = process.argv.slice(2).map(Number) as [number, number];
const scanlines = new Uint8Array(side * (1 + 3 * side));
const file = await pngFile({ width: side, height: side, depth: 8, colorType: 2, scanlines });
const preprocess = imageProcessor(parseImageProcessor({ size: { shortest_edge: 16 }, crop_size: 16 }));
const batches = await Promise.all(Array.from({ length: count }, async () => loadImage(file, preprocess)));
const read = batches.filter(({ shape }) => shape.join() === '1,16,16,3').length;
console.log(JSON.stringify({ read, bytes: file.length, peak: process.resourceUsage().maxRSS / 1024 }));
