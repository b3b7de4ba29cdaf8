import { useCallback, useState } from 'react';
import { ClustersView } from './clusters.tsx';
import { DuplicatesView } from './duplicates.tsx';
import { MapView } from './map.tsx';
import { Thumbnail } from './thumbnail.tsx';
import { useEmbedWords } from './use-embed-words.ts';
import { useLibraryState } from './use-library.ts';
import type { Query } from './use-search.ts';
import { Viewer } from './viewer.tsx';

/** Views of what all rows together tell. */
export type Insight = 'map' | 'groups' | 'duplicates';

/** One of them, and the viewer over it. */
export function Insights({
  view,
  tags,
  onQuery,
}: {
  readonly view: Insight;
  /** The user's own words. */
  readonly tags: readonly string[];
  readonly onQuery: (query: Query) => void;
}) {
  const { rows, model } = useLibraryState();
  const [opened, setOpened] = useState<{ readonly id: string; readonly ids: ReadonlySet<string> }>();
  const embedWords = useEmbedWords();
  const close = useCallback(() => setOpened(undefined), []);
  if (!rows || rows.photos.length === 0)
    return <p className="note">There is something to see once photos are embedded.</p>;
  const photos = opened ? rows.photos.filter(({ id }) => opened.ids.has(id)) : [];
  const props = {
    rows,
    Thumbnail,
    onOpen: (id: string, ids: readonly string[]) => setOpened({ id, ids: new Set(ids) }),
  };
  return (
    <>
      {view === 'map' && <MapView key={model.choice.key} {...props} tags={tags} embedWords={embedWords} />}
      {view === 'groups' && <ClustersView key={model.choice.key} {...props} tags={tags} embedWords={embedWords} />}
      {view === 'duplicates' && <DuplicatesView key={model.choice.key} {...props} />}
      {opened && (
        <Viewer
          photos={photos}
          id={opened.id}
          onGo={(id) => setOpened({ ...opened, id })}
          onClose={close}
          onLike={({ id, name }) => onQuery({ text: '', like: { name, picture: id } })}
        />
      )}
    </>
  );
}
