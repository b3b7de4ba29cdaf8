import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** A note of a release: packages that it names, and what it says. */
export interface Note {
  readonly packages: readonly string[];
  readonly text: string;
}

/** The page of all releases, the newest first, and before them what is not released yet. */
export function changesText(): string {
  const folders = ['packages', 'apps'].flatMap((parent) =>
    readdirSync(`${root}${parent}`).map((one) => `${parent}/${one}`),
  );
  const changelogs = folders.flatMap((folder) => read(`${folder}/CHANGELOG.md`) ?? []);
  const notes = readdirSync(`${root}.changeset`)
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .map((name) => changesetNote(read(`.changeset/${name}`)!));
  const releases = released(changelogs);
  if (notes.length > 0) releases.unshift(['Not released yet', notes]);
  return ['# Changes', ...releases.map(([version, those]) => releaseText(version, those))].join('\n\n');
}

/** @param text Of a file in `.changeset`. */
export function changesetNote(text: string): Note {
  const [, front = '', body = ''] = /^---\n([^]*?)---\n([^]*)$/.exec(text) ?? [];
  return { packages: [...front.matchAll(/^['"](.+?)['"]:/gm)].map((match) => match[1]!), text: body.trim() };
}

/** Notes of each version, of all packages together: one that several packages have is there once. */
export function released(changelogs: readonly string[]): [version: string, notes: Note[]][] {
  const versions = new Map<string, Map<string, string[]>>();
  for (const changelog of changelogs) {
    const name = /^# (.*)$/m.exec(changelog)?.[1] ?? '';
    for (const part of changelog.split(/^## /m).slice(1)) {
      const version = part.slice(0, part.indexOf('\n'));
      const notes = versions.get(version) ?? new Map<string, string[]>();
      versions.set(version, notes);
      for (const [, text = ''] of part.matchAll(/^- [0-9a-f]{7,}: ([^]*?)(?=\n- |\n#|$(?![^]))/gm)) {
        const said = text.replaceAll(/^ {2}/gm, '').trim();
        notes.set(said, [...(notes.get(said) ?? []), name]);
      }
    }
  }
  const parts = (version: string) => version.split('.').map(Number);
  return [...versions]
    .toSorted(([a], [b]) => parts(b).reduce((order, part, i) => order || part - parts(a)[i]!, 0))
    .map(([version, notes]) => [version, [...notes].map(([text, packages]) => ({ text, packages }))]);
}

function releaseText(version: string, notes: readonly Note[]): string {
  const names = [...new Set(notes.map(({ packages }) => packages[0]!))].toSorted();
  const of = (name: string) => notes.filter(({ packages }) => packages[0] === name);
  return [`## ${version}`, ...names.flatMap((name) => [`### ${name}`, of(name).map(bullet).join('\n')])].join('\n\n');
}

function bullet({ packages: [, ...others], text }: Note): string {
  const also = others.length > 0 ? ` (also ${others.map((name) => `\`${name}\``).join(', ')})` : '';
  return `- ${(text + also).replaceAll('\n', '\n  ')}`;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(root + path, 'utf8');
  } catch {
    return undefined;
  }
}
