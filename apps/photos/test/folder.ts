import { copyFile, mkdir, mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright';

const flickr = fileURLToPath(new URL('../../../../shared/data/flickr8k/images/', import.meta.url));

/** A folder of photos of Flickr8k, the first ones. */
export async function photoFolder(
  count: number,
): Promise<{ readonly path: string; readonly names: readonly string[] }> {
  const path = join(await mkdtemp(join(tmpdir(), 'photos-')), 'holiday');
  await mkdir(path);
  const names = (await readdir(flickr))
    .filter((name) => name.endsWith('.jpg'))
    .toSorted()
    .slice(0, count);
  await Promise.all(names.map((name) => copyFile(join(flickr, name), join(path, name))));
  return { path, names };
}

/** Gives the page a folder, as `<input webkitdirectory>` does. */
export async function addFolder(page: Page, path: string): Promise<void> {
  await page.getByLabel('Folder', { exact: true }).setInputFiles(path);
}

/** Waits until the page says so of itself; figures are those beside what it says. */
export async function status(page: Page, said: RegExp): Promise<{ readonly rows: number; readonly embedded: number }> {
  const line = page.getByRole('status').filter({ hasText: said });
  await line.waitFor({ timeout: process.env['DIPTYCH_LONG'] ? 900_000 : 100_000 });
  const [rows, embedded] = await Promise.all(['data-rows', 'data-embedded'].map((name) => line.getAttribute(name)));
  return { rows: Number(rows), embedded: Number(embedded) };
}

/** Names of the photos that are in sight, in order. */
export async function shown(page: Page): Promise<string[]> {
  const tiles = page.getByRole('main').getByRole('listitem').getByRole('button');
  return tiles.evaluateAll((buttons) => (buttons as HTMLButtonElement[]).map(({ title }) => title));
}

/** Rows as the browser keeps them, by the photo's path. */
export async function keptRows(page: Page, model: string): Promise<Map<string, Float32Array>> {
  const rows = await page.evaluate(async (name) => {
    const opening = indexedDB.open(name);
    await new Promise((resolve) => opening.addEventListener('success', resolve));
    const asking = opening.result.transaction('rows').objectStore('rows').getAll();
    await new Promise((resolve) => asking.addEventListener('success', resolve));
    opening.result.close();
    const items = asking.result as { readonly id: string; readonly bytes: Uint8Array<ArrayBuffer> }[];
    return items.map(({ id, bytes }) => [id, [...new Float32Array(bytes.buffer)]] as const);
  }, `diptych-photos-rows-${model}`);
  return new Map(rows.map(([id, row]) => [/([^/]*)\?/.exec(id)![1]!, Float32Array.from(row)]));
}
