import { mkdir, writeFile } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hubEnvironment } from '../../../src/node/hub/environment.ts';
import { withFolder } from './hub-folder.ts';

const user = userInfo();

describe('hubEnvironment', () => {
  it.each<[folder: string, variables: Record<string, string>]>([
    [join(homedir(), '.cache/huggingface/hub'), {}],
    ['/me/.cache/huggingface/hub', { HOME: '/me' }],
    ['/xdg/huggingface/hub', { XDG_CACHE_HOME: '/xdg' }],
    ['/home/hf/hub', { HF_HOME: '/home/hf', XDG_CACHE_HOME: '/xdg' }],
    ['/cache', { HF_HUB_CACHE: '/cache', HF_HOME: '/home/hf', XDG_CACHE_HOME: '/xdg' }],
    ['/old', { HUGGINGFACE_HUB_CACHE: '/old', HF_HOME: '/home/hf' }],
    ['/cache', { HF_HUB_CACHE: '/cache', HUGGINGFACE_HUB_CACHE: '/old' }],
    ['/home/hf/hub', { HF_HUB_CACHE: '', HF_HOME: '/home/hf' }],
  ])('keeps files in %s for %j', (folder, variables) => {
    expect(hubEnvironment(variables).cacheFolder).toBe(folder);
  });

  // Python 3.11: posixpath.expandvars(posixpath.expanduser(path)), with the same variables.
  it.each([
    ['~', '/home/me'],
    ['~/', '/home/me/'],
    ['~/x', '/home/me/x'],
    [`~${user.username}/x`, `${user.homedir}/x`],
    ['~nobody-of-that-name/x', '~nobody-of-that-name/x'],
    ['x/~', 'x/~'],
    ['$A/x', '/a/x'],
    ['${A}x', '/ax'],
    ['$Ax/y', '$Ax/y'],
    ['$A$A', '/a/a'],
    ['$B/x', '$A/x'],
    ['${B}', '$A'],
    ['$C/x', '~/x'],
    ['~$A', '~/a'],
    ['$', '$'],
    ['$$A', '$/a'],
    ['${}', '${}'],
    ['${A', '${A'],
    ['$é', '$é'],
    ['a%A%', 'a%A%'],
  ])('expands %j to %j as Python does', (path, expanded) => {
    const variables = { HOME: '/home/me/', A: '/a', B: '$A', C: '~', HF_HUB_CACHE: path };
    expect(hubEnvironment(variables).cacheFolder).toBe(expanded);
  });

  it.each<[variables: Record<string, string>, folder: string]>([
    [{ HF_HOME: '~/hf' }, '/me/hf/hub'],
    [{ HF_HOME: '$DISK/hf' }, '/disk/hf/hub'],
    [{ XDG_CACHE_HOME: '${DISK}/c' }, '/disk/c/huggingface/hub'],
    [{ HUGGINGFACE_HUB_CACHE: '~/$DISK' }, '/me//disk'],
  ])('expands %j, too', (variables, folder) => {
    expect(hubEnvironment({ HOME: '/me', DISK: '/disk', ...variables }).cacheFolder).toBe(folder);
  });

  it('takes the hub, the token and nothing else from their variables', () => {
    const nobody = { HOME: '/no/such/home' };
    expect(hubEnvironment(nobody)).toMatchObject({
      endpoint: 'https://huggingface.co',
      token: undefined,
      offline: false,
    });
    const variables = { HF_ENDPOINT: 'https://mirror.example.org', HF_TOKEN: ' hf_x\n', HF_HUB_OFFLINE: '1' };
    expect(hubEnvironment(variables)).toMatchObject({ endpoint: variables.HF_ENDPOINT, token: 'hf_x', offline: true });
  });

  // Python: huggingface_hub.constants.HF_HUB_OFFLINE of 1.33.
  it.each(['1', 'ON', 'on', 'yes', 'True'])('is offline at %s', (value) => {
    expect(hubEnvironment({ HF_HUB_OFFLINE: value }).offline).toBe(true);
    expect(hubEnvironment({ TRANSFORMERS_OFFLINE: value }).offline).toBe(true);
    expect(hubEnvironment({ HF_HUB_OFFLINE: '', TRANSFORMERS_OFFLINE: value }).offline).toBe(true);
  });

  it.each(['0', '', 'no', 'off', 'false', 'y', 't', '2', ' 1', 'true '])('is not offline at %j', (value) => {
    expect(hubEnvironment({ HF_HUB_OFFLINE: value }).offline).toBe(false);
  });

  it('asks for TRANSFORMERS_OFFLINE only where HF_HUB_OFFLINE says nothing', () => {
    expect(hubEnvironment({ HF_HUB_OFFLINE: '0', TRANSFORMERS_OFFLINE: '1' }).offline).toBe(false);
  });
});

describe('times', () => {
  it('are seconds for an answer and for its body', () => {
    const variables = { HF_HUB_ETAG_TIMEOUT: '5', HF_HUB_DOWNLOAD_TIMEOUT: '60' };
    expect(hubEnvironment(variables).patience).toEqual({ head: 5000, body: 60_000 });
    expect(hubEnvironment({ HF_HUB_ETAG_TIMEOUT: '0' }).patience).toEqual({});
  });

  it.each(['soon', '-1', '1.5', '1e9'])('%j is an error that names the variable', (value) => {
    const read = () => hubEnvironment({ HF_HUB_ETAG_TIMEOUT: value });
    expect(read).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
    expect(read).toThrow(/HF_HUB_ETAG_TIMEOUT/);
  });
});

describe('the token', () => {
  /** A home with the token that `hf auth login` stores in it. */
  const withHome = async (body: (home: string) => Promise<void>) =>
    withFolder(async (home) => {
      await mkdir(join(home, '.cache/huggingface'), { recursive: true });
      await writeFile(join(home, '.cache/huggingface/token'), 'hf_stored\r\n');
      await body(home);
    });

  it('is what `hf auth login` stored, below HF_TOKEN', async () => {
    await withHome(async (HOME) => {
      expect(hubEnvironment({ HOME }).token).toBe('hf_stored');
      expect(hubEnvironment({ HOME, HF_HOME: '$HOME/.cache/huggingface' }).token).toBe('hf_stored');
      expect(hubEnvironment({ HOME, HF_TOKEN: 'hf_x' }).token).toBe('hf_x');
      expect(hubEnvironment({ HOME, HUGGING_FACE_HUB_TOKEN: 'hf_old' }).token).toBe('hf_old');
      expect(hubEnvironment({ HOME, HF_TOKEN: ' \n', HF_HOME: '/elsewhere' }).token).toBeUndefined();
      expect(hubEnvironment({ HOME, HF_TOKEN: ' \n' }).token).toBe('hf_stored');
    });
  });

  it('lies where HF_TOKEN_PATH says', async () => {
    await withHome(async (HOME) => {
      await writeFile(join(HOME, 'mine'), 'hf_mine');
      expect(hubEnvironment({ HOME, HF_TOKEN_PATH: '~/mine' }).token).toBe('hf_mine');
      expect(hubEnvironment({ HOME, HF_TOKEN_PATH: '~/none' }).token).toBeUndefined();
    });
  });

  it('is not sent unasked where HF_HUB_DISABLE_IMPLICIT_TOKEN says so', async () => {
    await withHome(async (HOME) => {
      const variables = { HOME, HF_TOKEN: 'hf_x', HF_HUB_DISABLE_IMPLICIT_TOKEN: 'on' };
      expect(hubEnvironment(variables).token).toBeUndefined();
    });
  });

  it('that cannot be read is an error that names its file', async () => {
    await withHome(async (HOME) => {
      const read = () => hubEnvironment({ HOME, HF_TOKEN_PATH: HOME });
      expect(read).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
      expect(read).toThrow(HOME);
    });
  });
});
