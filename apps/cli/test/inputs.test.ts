import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { imageFiles, soundFiles } from '../src/file-kinds.ts';
import { fileInputs, folderOf } from '../src/inputs.ts';
import { temporaryFolder } from './workspace.ts';

/** What operands stand for; those that stand for nothing go to `failed`. */
async function inputs(
  operands: readonly string[],
  { stdin = '', nul = false, failed = [] as string[], kind = imageFiles } = {},
): Promise<string[]> {
  const io = {
    stdin: Readable.from([...Buffer.from(stdin)].map((byte) => Buffer.of(byte))),
    signal: new AbortController().signal,
  };
  const found: string[] = [];
  for await (const input of fileInputs(kind, operands, io, { null: nul, onFailure: (name) => failed.push(name) }))
    found.push(input);
  return found;
}

async function folderWith(...files: string[]): Promise<string> {
  const root = await temporaryFolder();
  for (const file of files) {
    await mkdir(join(root, dirname(file)), { recursive: true });
    await writeFile(join(root, file), '');
  }
  return root;
}

it('walks a folder: images by name, at any depth, sorted, none hidden', async () => {
  const root = await folderWith('b.JPG', 'a/c.png', 'a/notes.txt', '.diptych/x.png', '.hidden.png', 'a b/[1].webp');
  expect(await inputs([root])).toEqual(['a b/[1].webp', 'a/c.png', 'b.JPG'].map((file) => join(root, file)));
});

it('follows links, as a Hugging Face cache needs, and ends where one leads back', async () => {
  const root = await folderWith('a/c.png');
  await symlink(root, join(root, 'a', 'loop'));
  await symlink(join(root, 'a/c.png'), join(root, 'link.png'));
  expect(await inputs([root])).toEqual(
    ['a/c.png', 'a/loop/a/c.png', 'a/loop/link.png', 'link.png'].map((file) => join(root, file)),
  );
});

it('names links of images to nothing, to fail by their names', async () => {
  const root = await folderWith('a/c.png', 'z.png');
  await symlink('gone.png', join(root, 'a', 'dangling.png'));
  await symlink('gone.txt', join(root, 'a', 'dangling.txt'));
  expect(await inputs([root])).toEqual(['a/c.png', 'a/dangling.png', 'z.png'].map((file) => join(root, file)));
});

// Nobody keeps the superuser from reading a folder.
it.skipIf(process.getuid?.() === 0)('names folders that cannot be read', async () => {
  const root = await folderWith('a/c.png', 'z.png');
  await chmod(join(root, 'a'), 0);
  try {
    expect(await inputs([root])).toEqual(['a', 'z.png'].map((file) => join(root, file)));
  } finally {
    await chmod(join(root, 'a'), 0o700);
  }
});

it('takes files as they are named, even where the name looks like a glob', async () => {
  const root = await folderWith('notes.txt', '[a].png', 'a.png');
  const files = [join(root, 'notes.txt'), join(root, '[a].png')];
  expect(await inputs(files)).toEqual(files);
});

it('expands globs as the shell does, from a folder whose name has brackets too', async () => {
  const root = await folderWith('[x]/1.png', '[x]/2.png', '[x]/deep/3.png', '[x]/2.txt');
  expect(await inputs([`${root}/\\[x\\]/*.png`])).toEqual([join(root, '[x]/1.png'), join(root, '[x]/2.png')]);
  expect(await inputs([`${root}/**/3.{png,jpg}`])).toEqual([join(root, '[x]/deep/3.png')]);
});

it('tells folders without images and globs that match none, and leaves files and URLs as they are', async () => {
  const nothing = [await folderWith('notes.txt'), '/nowhere/*.jpg', String.raw`C:\photos\*.jpg`];
  const taken = ['https://example.org/a.jpg?size=*', 'missing.jpg'];
  const failed: string[] = [];
  expect(await inputs([...nothing, ...taken], { failed })).toEqual(taken);
  expect(failed).toEqual(nothing);
});

it('takes a backslash between folders, as shells of Windows write globs, where it escapes nothing', async () => {
  const root = await folderWith('a/1.png', 'a/2.png', '[x]/3.png');
  expect(await inputs([`${root}\\a\\*.png`])).toEqual([join(root, 'a/1.png'), join(root, 'a/2.png')]);
  expect(await inputs([`${root}\\**\\3.png`])).toEqual([join(root, '[x]/3.png')]);
  expect(await folderOf(`${root}\\a\\*.png`)).toBe(join(root, 'a'));
});

it('finds photos that cannot be read, so that they are not left out without a word', async () => {
  const root = await folderWith('IMG_1.HEIC', 'IMG_2.heif', 'a.tiff');
  expect(await inputs([root])).toEqual(['IMG_1.HEIC', 'IMG_2.heif', 'a.tiff'].map((file) => join(root, file)));
});

it('finds sounds by their names, those too that cannot be read', async () => {
  const root = await folderWith('a.WAV', 'b/c.flac', 'd.mp3', 'e.png');
  const sounds = ['a.WAV', 'b/c.flac', 'd.mp3'].map((file) => join(root, file));
  expect(await inputs([root], { kind: soundFiles })).toEqual(sounds);
  expect(await inputs([root])).toEqual([join(root, 'e.png')]);
});

it('splits stdin between any two bytes', async () => {
  expect(await inputs(['-'], { stdin: 'ä.jpg\r\n\nb*.jpg' })).toEqual(['ä.jpg', 'b*.jpg']);
  expect(await inputs(['x', '-'], { stdin: 'a\nb\0c\0', nul: true })).toEqual(['x', 'a\nb', 'c']);
});

it('stops waiting for stdin when aborted', async () => {
  const controller = new AbortController();
  const waiting = fileInputs(
    imageFiles,
    ['-'],
    { stdin: new PassThrough(), signal: controller.signal },
    { onFailure: () => {} },
  ).next();
  controller.abort();
  await expect(waiting).rejects.toThrow(/abort/i);
});

it('knows the folder of a folder, a file and a glob', async () => {
  const root = await folderWith('a/1.png');
  const operands = [root, join(root, 'a/1.png'), `${root}/a/*.png`, `${root}/**/*.png`, '*.png', '/*.png'];
  expect(await Promise.all(operands.map(folderOf))).toEqual([root, join(root, 'a'), join(root, 'a'), root, '.', '/']);
});
