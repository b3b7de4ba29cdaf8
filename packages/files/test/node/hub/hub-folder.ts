import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { commit, gitSha1, sha256, small, weights } from './hub-server.ts';

/** Runs `body` with an empty folder, which is gone afterwards. */
export async function withFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'diptych-hub-'));
  try {
    await body(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Every file and link below a folder, sorted. */
export async function paths(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  return files.map((entry) => relative(folder, join(entry.parentPath, entry.name))).toSorted();
}

/** What huggingface_hub leaves of a model: written by hand, from its layout. */
export async function writeModel(cache: string, name: string): Promise<string> {
  const config = small['config.json']!;
  const folder = join(cache, `models--${name.replace('/', '--')}`);
  const snapshot = join(folder, 'snapshots', commit);
  await mkdir(join(folder, 'blobs'), { recursive: true });
  await mkdir(join(folder, 'refs'));
  await mkdir(snapshot, { recursive: true });
  await writeFile(join(folder, 'refs', 'main'), commit);
  await writeFile(join(folder, 'blobs', sha256(weights)), weights);
  await writeFile(join(folder, 'blobs', gitSha1(config)), config);
  await symlink(`../../blobs/${sha256(weights)}`, join(snapshot, 'model.safetensors'));
  await symlink(`../../blobs/${gitSha1(config)}`, join(snapshot, 'config.json'));
  return folder;
}
