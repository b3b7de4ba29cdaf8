import { expect, it } from 'vitest';
import { slowPattern } from '../../src/text/linear-pattern.ts';

const raw = String.raw;

it.each([
  raw`\s+`,
  ' {2,}',
  'a',
  raw`[!"\#\$%\&'\(\)\*\+,\-\./:;<=>\?@\[\\\]\^_\`\{\|\}\~]`,
  raw`<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+`,
  raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`,
  raw`'(?:[sdmt]|ll|ve|re)| ?\p{L}+`,
  raw`\p{N}{1,3}`,
  raw`(a|b)c*`,
  raw`a\s+(?!\S)|.`,
  '日本+',
])('%s takes linear time', (source) => {
  expect(slowPattern(source)).toBeUndefined();
});

it.each([
  '(a+)+$',
  '(a*)*',
  '(a|a)*b',
  'a+b',
  'a*a*',
  raw`\s+$`,
  raw`\s*[\r\n]+`,
  raw`\w+\b`,
  '(?:a+)b',
  '(?:a+){2}',
  '(?:a?){9}b',
  'a{33}',
  'a{2,1}',
  '(?:a{32}){8}',
  raw`(a)\1`,
  '(?<=a)b',
  '(?=a+$)a',
  '(?>a)',
  '(?i:a)',
  'a++',
  '^a',
  'a$',
  raw`\\s+(?!\S)`,
  raw`\s+(?!\S)a`,
  raw`\s+(?!\s)`,
  '[a&&b]',
  'a|',
  'b?',
  '',
  '(a',
  'a)',
  '[a',
  '[[a]]+',
  'a'.repeat(1001),
  Array.from({ length: 65 }, () => 'a').join('|'),
])('%s may not, or is not known', (source) => {
  expect(slowPattern(source)).toEqual(expect.any(String));
});
