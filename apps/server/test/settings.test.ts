import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSettings } from '../src/settings.ts';

describe('settings', () => {
  let folder: string;
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'diptych-settings-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('are those of flags, then of the environment, then of the file, then the defaults', async () => {
    const path = await file('all.json', '{"port": 1, "queue": 1, "deadline": 1, "model": ["a", "b=c"]}');
    const settings = await readSettings({ port: 3 }, { DIPTYCH_PORT: '2', DIPTYCH_QUEUE: '2', OTHER: 'x' }, path);
    expect(settings).toMatchObject({ port: 3, queue: 2, deadline: 1, batchSize: 32, model: ['a', 'b=c'] });
  });

  it.each([
    ['512', 512],
    ['500MB', 5e8],
    ['1.5 GiB', 1.5 * 2 ** 30],
    ['20kb', 20_000],
  ])('%s are %i bytes', async (memory, expected) => {
    expect(await readSettings({ memory }, {})).toMatchObject({ memory: expected });
  });

  it('keys come from the environment and from a file, in which lines may be remarks', async () => {
    const apiKeyFile = await file('keys', '# of the team\nfirst\r\n\n  second  \n');
    const { apiKeys } = await readSettings({ apiKeyFile }, { DIPTYCH_API_KEYS: 'third,fourth' });
    expect(apiKeys).toEqual(['third', 'fourth', 'first', 'second']);
  });

  it.each([
    ['port', '70000'],
    ['batchSize', '0'],
    ['memory', '8 horses'],
    ['imageUrls', 'perhaps'],
    ['dtype', 'float16'],
    ['logLevel', 'loud'],
  ])('%s may not be %s', async (name, value) => {
    const where = `setting ${name}`;
    await expect(readSettings({ [name]: value }, {})).rejects.toMatchObject({ code: 'CONFIG_INVALID', where });
  });

  it('a field of the file that is no setting, and a file that is no object, are refused', async () => {
    const other = await file('other.json', '{"prot": 1}');
    await expect(readSettings({}, {}, other)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    const list = await file('list.json', '[]');
    await expect(readSettings({}, {}, list)).rejects.toThrow('list.json');
  });
});
