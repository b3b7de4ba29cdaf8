import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeGolden } from '@diptych/golden';
import { expect, it } from 'vitest';
import { jsonLines, runCli } from './run-cli.ts';
import { tinyClipFolder } from './tiny-clip.ts';
import { temporaryFolder } from './workspace.ts';

const texts = ['embed', '--modality', 'text', 'a dog', 'two cats'];

describeGolden('convert', () => {
  it.each(['float32', 'int16', 'int8'])('%s opens packed, with the same embeddings to the bit', async (dtype) => {
    const model = await tinyClipFolder();
    const output = join(await temporaryFolder(), 'packed');
    const converted = await runCli(['convert', '--model', model, '--dtype', dtype, '--output', output]);
    expect(converted).toMatchObject({ code: 0, stderr: '' });
    const [before, after] = await Promise.all([
      runCli([...texts, '--model', model, '--dtype', dtype]),
      runCli([...texts, '--model', output]),
    ]);
    expect(after.code).toBe(0);
    expect(jsonLines(after)).toEqual(jsonLines(before));
    const again = await runCli([...texts, '--model', output, '--dtype', dtype]);
    expect(jsonLines(again)).toEqual(jsonLines(before));
  });

  it('another type or layout than that of the file is refused', async () => {
    const output = join(await temporaryFolder(), 'packed');
    await runCli(['convert', '--model', await tinyClipFolder(), '--dtype', 'int8', '--output', output]);
    const other = await runCli([...texts, '--model', output, '--dtype', 'int16']);
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('expected int16, the file has int8') });
    const path = join(output, 'model.safetensors');
    const text = (await readFile(path)).toString('latin1').replace('"diptych.layout":"2"', '"diptych.layout":"9"');
    await writeFile(path, text, 'latin1');
    const layout = await runCli([...texts, '--model', output]);
    expect(layout).toMatchObject({ code: 2, stderr: expect.stringContaining('expected layout 2, got 9') });
    const plain = await runCli([...texts, '--model', output, '--backend', 'cpu']);
    expect(plain.code).toBe(2);
  });

  it('the folder of the model itself is refused', async () => {
    const model = await tinyClipFolder();
    expect(await runCli(['convert', '--model', model, '--output', model])).toMatchObject({ code: 2 });
  });
});
