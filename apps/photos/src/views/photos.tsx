import type { Photo } from '../library/photo.ts';
import { counted } from './amounts.ts';
import { PhotoGrid } from './photo-grid.tsx';
import { useLibraryState } from './use-library.ts';
import type { Search } from './use-search.ts';

/** All photos, or those that were found. */
export function Photos({
  search: { ranking, problem },
  onOpen,
}: {
  readonly search: Search;
  readonly onOpen: (id: string, photos: readonly Photo[]) => void;
}) {
  const { photos, refusals } = useLibraryState();
  const shown = ranking?.photos ?? photos;
  return (
    <>
      {problem && <p className="note">{problem}</p>}
      {ranking?.fits !== undefined && <Fits fits={ranking.fits} />}
      {photos.length === 0 && refusals.length > 0 && (
        <p className="note">No file of these folders is a picture that can be read.</p>
      )}
      <PhotoGrid photos={shown} label={ranking ? 'Photos found' : 'All photos'} onOpen={(id) => onOpen(id, shown)} />
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
