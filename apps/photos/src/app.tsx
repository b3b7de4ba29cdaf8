import { type DragEvent, lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { dropped } from './library/dropped.ts';
import type { Library } from './library/library.ts';
import type { Photo } from './library/photo.ts';
import { picked as pickedSource } from './library/source.ts';
import { SearchBox } from './views/search-box.tsx';
import { LibraryContext, useLibraryState } from './views/use-library.ts';
import { type Query, useSearch } from './views/use-search.ts';
import { useKeptFocus } from './views/use-kept-focus.ts';
import { useTagWords } from './views/use-tags.ts';
import { Welcome } from './views/welcome.tsx';
import { WorkLine } from './views/work-line.tsx';

const views = {
  photos: 'Photos',
  tags: 'Tags',
  map: 'Map',
  groups: 'Groups',
  duplicates: 'Duplicates',
  folders: 'Folders',
  model: 'Model',
} as const;

// Loaded when they are asked for: before there are photos nothing of a grid is.
const Photos = lazy(async () => ({ default: (await import('./views/photos.tsx')).Photos }));
const Insights = lazy(async () => ({ default: (await import('./views/insights.tsx')).Insights }));
const Tags = lazy(async () => ({ default: (await import('./views/tags.tsx')).Tags }));
const Folders = lazy(async () => ({ default: (await import('./views/folders.tsx')).Folders }));
const Model = lazy(async () => ({ default: (await import('./views/model.tsx')).Model }));
const Viewer = lazy(async () => ({ default: (await import('./views/viewer.tsx')).Viewer }));

type View = keyof typeof views;

/** A photo in the viewer, and those that its arrows go to. */
interface Opened {
  readonly id: string;
  readonly among: readonly Photo[];
}

/** The page. */
export function App({ library }: { readonly library: Library }) {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const onPaste = ({ clipboardData }: ClipboardEvent) => {
      const files = [...(clipboardData?.files ?? [])];
      if (files.length > 0) void library.addPictures(files.map(named));
    };
    document.addEventListener('paste', onPaste);
    return () => document.removeEventListener('paste', onPaste);
  }, [library]);
  const onDrop = async (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const { folders, picked, files } = await dropped(event.dataTransfer);
    for (const handle of folders) await library.addFolder(handle);
    for (const { name, files: inside } of picked) {
      const { source, found } = pickedSource(name, inside);
      await library.addFiles(source, found);
    }
    if (files.length > 0) await library.addPictures(files);
  };
  return (
    <LibraryContext value={library}>
      <div
        className={isOver ? 'page over' : 'page'}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => void onDrop(event)}
      >
        <Page />
      </div>
    </LibraryContext>
  );
}

function Page() {
  const [view, setView] = useView();
  const [query, setQuery] = useState<Query>({ text: '' });
  const { ready, sources } = useLibraryState();
  const hasSources = sources.length > 0;
  const search = useSearch(query);
  const [words, setWords] = useTagWords();
  const [opened, setOpened] = useState<Opened>();
  const close = useCallback(() => setOpened(undefined), []);
  const onOpen = useCallback((id: string, among: readonly Photo[]) => setOpened({ id, among }), []);
  const input = useRef<HTMLInputElement>(null);
  const main = useRef<HTMLElement>(null);
  useKeptFocus(main);
  const onQuery = useCallback(
    (next: Query) => {
      setQuery(next);
      setView('photos');
      window.scrollTo({ top: 0 });
    },
    [setView],
  );
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
      if (event.key !== '/' || isTyping || document.querySelector('dialog[open]')) return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
  return (
    <>
      <header>
        <div className="title">
          <h1>Photos by words</h1>
          <p>No photo leaves this machine.</p>
        </div>
        <SearchBox query={query} input={input} onQuery={onQuery} />
        <nav aria-label="Views">
          {Object.entries(views).map(([name, label]) => (
            <a key={name} href={`#/${name}`} aria-current={name === view ? 'page' : undefined}>
              {label}
            </a>
          ))}
        </nav>
        <WorkLine />
      </header>
      <main ref={main} tabIndex={-1}>
        {ready && !hasSources && view !== 'model' && <Welcome />}
        <Suspense fallback={<p className="note">Loading …</p>}>
          {hasSources && view === 'photos' && <Photos search={search} onOpen={onOpen} />}
          {hasSources && view === 'tags' && (
            <Tags words={words} onWords={setWords} onOpen={onOpen} onSearch={(text) => onQuery({ text })} />
          )}
          {hasSources && view === 'folders' && <Folders />}
          {hasSources && (view === 'map' || view === 'groups' || view === 'duplicates') && (
            <Insights view={view} tags={words} onQuery={onQuery} />
          )}
          {view === 'model' && <Model />}
        </Suspense>
      </main>
      {opened && (
        <Suspense>
          <Viewer
            photos={opened.among}
            id={opened.id}
            onGo={(id) => onOpen(id, opened.among)}
            onClose={close}
            onLike={({ id, name }) => {
              close();
              onQuery({ text: '', like: { name, picture: id } });
            }}
          />
        </Suspense>
      )}
    </>
  );
}

/** The view that the address names. */
function useView(): [View, (view: View) => void] {
  const read = (): View => {
    const name = location.hash.replace(/^#\/?/, '');
    return Object.hasOwn(views, name) ? (name as View) : 'photos';
  };
  const [view, setView] = useState(read);
  useEffect(() => {
    const onChange = () => setView(read());
    window.addEventListener('hashchange', onChange);
    return () => window.removeEventListener('hashchange', onChange);
  }, []);
  const go = useCallback((next: View) => {
    if (next !== read()) location.hash = `/${next}`;
  }, []);
  return [view, go];
}

/** Browsers call every pasted picture the same. */
function named(file: File): File {
  const now = new Date();
  return new File([file], `Pasted ${now.toISOString().slice(0, 19).replace('T', ' ')} ${file.name}`, {
    type: file.type,
    lastModified: now.getTime(),
  });
}
