import { useCallback, useState } from 'react';
import type { Photo } from '../library/photo.ts';
import { counted } from './amounts.ts';
import { PhotoGrid } from './photo-grid.tsx';
import { useLibraryState } from './use-library.ts';
import type { Query, Search } from './use-search.ts';
import { Viewer } from './viewer.tsx';

/** All photos, or those that were found. */
export function Photos({
  search: { ranking, fits, problem },
  onQuery,
}: {
  readonly search: Search;
  readonly onQuery: (query: Query) => void;
}) {
  const { photos, refusals } = useLibraryState();
  const [opened, setOpened] = useState<string>();
  const shown = ranking?.photos ?? photos;
  const close = useCallback(() => setOpened(undefined), []);
  const like = ({ id, name }: Photo) => {
    close();
    onQuery({ text: '', like: { name, picture: id } });
  };
  return (
    <>
      {problem && <p className="note">{problem}</p>}
      {fits !== undefined && <Fits fits={fits} />}
      {photos.length === 0 && refusals.length > 0 && (
        <p className="note">No file of these folders is a picture that can be read.</p>
      )}
      <PhotoGrid photos={shown} label={ranking ? 'Photos found' : 'All photos'} onOpen={setOpened} />
      {opened !== undefined && <Viewer photos={shown} id={opened} onGo={setOpened} onClose={close} onLike={like} />}
    </>
  );
}

/** Whether what was found is what was meant. */
function Fits({ fits }: { readonly fits: number }) {
  if (fits > 0)
    return (
      <p className="note">
        {counted(fits, 'photo')} stand{fits === 1 ? 's' : ''} out; then the next nearest
      </p>
    );
  return (
    <p className="note">
      <strong>Nothing here fits.</strong> No photo stands out for these words; the nearest are
    </p>
  );
}
