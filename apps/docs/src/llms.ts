import { existsSync, readFileSync } from 'node:fs';
import { site } from './blocks.ts';
import { type DocumentName, documentText } from './documents.ts';

/** As a sidebar has them. */
export interface Group {
  readonly text: string;
  readonly items: readonly { readonly text: string; readonly link: string }[];
}

/** A page as Markdown for readers that are no browsers, by its path on the site. */
export interface TextPage {
  readonly path: string;
  readonly title: string;
  readonly group: string;
  readonly text: string;
}

const models = () => readFileSync(new URL('../../../docs/models.md', import.meta.url), 'utf8');

/** Pages of a sidebar, those left out that are written by tools and are long. */
export async function textPages(groups: readonly Group[]): Promise<TextPage[]> {
  const all = groups.flatMap(({ text: group, items }) =>
    items.map(({ text: title, link }) => ({ group, title, link })),
  );
  const kept = all.filter(({ link }) => !link.startsWith('/api/'));
  return Promise.all(
    kept.map(async ({ group, title, link }) => {
      const path = `${link.endsWith('/') ? `${link}index` : link}.md`.slice(1);
      return { path, title, group, text: plain(await sourceOf(path)) };
    }),
  );
}

/** `llms.txt`, as llmstxt.org describes it. */
export function llmsText(description: string, pages: readonly TextPage[]): string {
  const groups = [...new Set(pages.map(({ group }) => group))];
  const lines = groups.map((group) => {
    const those = pages.filter((page) => page.group === group);
    return `## ${group}\n\n${those.map(({ title, path, text }) => `- [${title}](/${path}): ${firstSentence(text)}`).join('\n')}\n`;
  });
  return [`# diptych\n\n> ${description}\n`, ...lines].join('\n');
}

async function sourceOf(path: string): Promise<string> {
  if (existsSync(site + path)) return readFileSync(site + path, 'utf8');
  return documentText(path.replace(/^project\/(.*)\.md$/, '$1') as DocumentName);
}

/** Without components; the table of models is a table. */
function plain(text: string): string {
  const table = () =>
    models()
      .replace(/^[^|]*/, '')
      .split('\n## ')[0]!
      .trim();
  return text
    .replace(/^---\n[^]*?\n---\n/, '')
    .replaceAll('<ModelTable part="models" />', table)
    .replaceAll(/^<([A-Z]\w*)[^>]*(?:\/>|>[^]*?<\/\1>)\n?/gm, '')
    .replaceAll(/^<!-- @include: (\S+?)(?:#\w+)? -->$/gm, '')
    .trim();
}

function firstSentence(text: string): string {
  const [, paragraph = ''] = /^# .*\n+([^]*?)(?:\n\n|$)/m.exec(text) ?? [];
  const words = paragraph.replaceAll('\n', ' ').replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1');
  return /^[^]*?[.:](?=\s|$)/.exec(words)?.[0].replace(/:$/, '.') ?? paragraph;
}
