import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { configJson, parseJsonObject, turn } from '@diptych/core';
import { readFileBytes } from '@diptych/core/node';
import type { ByteSource } from '@diptych/files';
import { fileAt } from '@diptych/files/node';
import { getBackend, version_core } from '@tensorflow/tfjs-core';
import { manifest } from '../manifest.ts';
import type { Tunable } from '../tuning/tunable.ts';
import { sha256 } from './feature-cache.ts';
import { variablesHash } from './variables-hash.ts';
import { weights } from './write-tuned.ts';

/** What rows of any model depend on besides: our own code, and what computes. */
async function setting(): Promise<readonly unknown[]> {
  const path = fileURLToPath(manifest());
  const { version } = parseJsonObject(await readFileBytes(path, configJson), path);
  return [version, getBackend(), version_core];
}

/** Of all that the rows of a model in a folder depend on: weights, their type, and how items become batches. */
export async function modelHash(folder: string, signal?: AbortSignal): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.map(({ parentPath, name }) => join(parentPath, name)).toSorted();
  const files: (readonly [name: string, hash: string])[] = [];
  for (const path of paths) {
    const file = await fileAt(path);
    if (file) files.push([relative(folder, path).split(sep).join('/'), await fileHash(file, signal)]);
  }
  return sha256(JSON.stringify([await setting(), files]));
}

/** The same of the image tower of a published model, whose texts may be read otherwise. */
export async function imageTowerHash({ variables, files, read }: Tunable, signal?: AbortSignal): Promise<string> {
  const own = new Map([...variables].filter(([path]) => path.startsWith('image.')));
  const others: (readonly [name: string, hash: string])[] = [];
  for (const path of read.filter((one) => !weights.test(one)).toSorted()) {
    const file = await files.open(path, signal);
    if (file) others.push([path, await fileHash(file, signal)]);
  }
  return sha256(JSON.stringify([await setting(), await variablesHash(own, signal), others]));
}

const bytesAtOnce = 1 << 24;

async function fileHash(file: ByteSource, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for (let at = 0; at < file.size; at += bytesAtOnce) {
    await turn(signal);
    hash.update(await file.read(at, Math.min(file.size, at + bytesAtOnce), signal));
  }
  return hash.digest('hex');
}
