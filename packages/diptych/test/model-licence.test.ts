import { blobFiles } from '@diptych/files';
import { describe, expect, it } from 'vitest';
import { modelLicence } from '../src/index.ts';

const licenceOf = (card: string) => modelLicence(blobFiles({ 'README.md': new Blob([card]) }, 'model'));

/** A card with these lines in its header. */
const card = (...lines: readonly string[]) => `---\ntags:\n- clip\n${lines.join('\n')}\nlanguage: en\n---\n# Model\n`;

describe('modelLicence', () => {
  it.each([
    ['cc-by-nc-4.0', true],
    ['cc-by-nc-sa-2.0', true],
    ['cc-by-nc-nd-3.0', true],
    ['apple-amlr', true],
    ['intel-research', true],
    ['h-research', true],
    ['deepfloyd-if-license', true],
    ['fair-noncommercial-research-license', true],
    ['mit', false],
    ['apache-2.0', false],
    ['cc-by-4.0', false],
    ['ncsa', false],
    ['openrail', false],
    ['creativeml-openrail-m', false],
    ['gemma', false],
    ['other', false],
  ])('%s: non-commercial %s', async (id, nonCommercial) => {
    expect(await licenceOf(card(`license: ${id}`))).toEqual({ id, nonCommercial });
  });

  it.each([
    ['apple-ascl', true],
    ['qwen-research', true],
    ['stabilityai-nc-research-community', true],
    ['Some Non-Commercial License', true],
    ['mrl', true],
    ['NSCLv1', true],
    ['dinov3-license', false],
    ['nvidia-open-model-license', false],
  ])('of another licence the name counts: %s', async (name, nonCommercial) => {
    const header = card('license: other', `license_name: ${name}`, 'license_link: LICENSE');
    expect(await licenceOf(header)).toEqual({ id: 'other', name, link: 'LICENSE', nonCommercial });
  });

  it.each([
    ['quoted', ['license: "cc-by-nc-4.0"']],
    ['with a comment', ["license: 'cc-by-nc-4.0' # of the weights"]],
    ['a list', ['license:', '- cc-by-nc-4.0']],
    ['an indented list', ['license:', '  - cc-by-nc-4.0']],
    ['a list on one line', ['license: [cc-by-nc-4.0]']],
  ])('reads a value that is %s', async (_form, lines) => {
    expect(await licenceOf(card(...lines))).toEqual({ id: 'cc-by-nc-4.0', nonCommercial: true });
  });

  it('keeps all of several, and a link with a hash', async () => {
    const lines = ['license: [mit, "cc-by-nc-4.0"]', 'license_link: https://example.org/terms#weights'];
    const link = 'https://example.org/terms#weights';
    expect(await licenceOf(card(...lines))).toEqual({ id: 'mit, cc-by-nc-4.0', link, nonCommercial: true });
  });

  it('reads lines that end as on Windows, behind a byte order mark', async () => {
    const windows = `\uFEFF${card('license: mit').replaceAll('\n', '\r\n')}`;
    expect(await licenceOf(windows)).toEqual({ id: 'mit', nonCommercial: false });
  });

  it.each([
    ['no header', '# Model\nlicense: mit\n'],
    ['a header without a licence', card()],
    ['a licence left open', card('license:')],
    ['a header that does not end', '---\nlicense: mit\n'],
    ['nothing', ''],
  ])('is undefined for %s', async (_problem, text) => {
    expect(await licenceOf(text)).toBeUndefined();
  });

  it('is undefined for a model without a card', async () => {
    expect(await modelLicence(blobFiles({}, 'model'))).toBeUndefined();
  });
});
