import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hubEnvironment } from '../src/hub/environment.ts';

describe('hubEnvironment', () => {
  it.each<[folder: string, variables: Record<string, string>]>([
    [join(homedir(), '.cache/huggingface/hub'), {}],
    ['/xdg/huggingface/hub', { XDG_CACHE_HOME: '/xdg' }],
    ['/home/hf/hub', { HF_HOME: '/home/hf', XDG_CACHE_HOME: '/xdg' }],
    ['/cache', { HF_HUB_CACHE: '/cache', HF_HOME: '/home/hf', XDG_CACHE_HOME: '/xdg' }],
    ['/home/hf/hub', { HF_HUB_CACHE: '', HF_HOME: '/home/hf' }],
  ])('keeps files in %s for %j', (folder, variables) => {
    expect(hubEnvironment(variables).cacheFolder).toBe(folder);
  });

  it('takes the hub, the token and nothing else from their variables', () => {
    expect(hubEnvironment({})).toMatchObject({ endpoint: 'https://huggingface.co', token: undefined, offline: false });
    const variables = { HF_ENDPOINT: 'https://mirror.example.org', HF_TOKEN: ' hf_x\n', HF_HUB_OFFLINE: '1' };
    expect(hubEnvironment(variables)).toMatchObject({ endpoint: variables.HF_ENDPOINT, token: 'hf_x', offline: true });
  });

  it.each(['1', 'ON', 'yes', 'True'])('is offline at %s', (value) => {
    expect(hubEnvironment({ HF_HUB_OFFLINE: value }).offline).toBe(true);
  });

  it.each(['0', '', 'no', 'off', 'false'])('is not offline at %j', (value) => {
    expect(hubEnvironment({ HF_HUB_OFFLINE: value }).offline).toBe(false);
  });
});
