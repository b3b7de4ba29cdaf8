import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { Photo } from '../library/photo.ts';
import { bytesText } from './amounts.ts';
import { NearestWords } from './nearest-words.tsx';
import { useLibrary } from './use-library.ts';

const date = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long' });

/** One photo at a time; arrows go on, Escape goes back. */
export function Viewer({
  photos,
  id,
  onGo,
  onClose,
  onLike,
}: {
  readonly photos: readonly Photo[];
  readonly id: string;
  readonly onGo: (id: string) => void;
  readonly onClose: () => void;
  readonly onLike: (photo: Photo) => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const place = photos.findIndex((photo) => photo.id === id);
  const photo = photos[place];
  const picture = usePicture(id);
  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    if (!photo) onClose();
  }, [photo, onClose]);
  if (!photo) return null;
  const [before, after] = [photos[place - 1], photos[place + 1]];
  const onKeyDown = ({ key }: KeyboardEvent) => {
    if (key === 'ArrowLeft' && before) onGo(before.id);
    if (key === 'ArrowRight' && after) onGo(after.id);
  };
  return (
    <dialog ref={dialog} className="viewer" aria-label={photo.name} onClose={onClose} onKeyDown={onKeyDown}>
      <div className="stage">
        {picture && <img src={picture.address} alt={photo.name} />}
        <button type="button" aria-label="Previous" aria-disabled={!before} onClick={() => before && onGo(before.id)}>
          ‹
        </button>
        <button type="button" aria-label="Next" aria-disabled={!after} onClick={() => after && onGo(after.id)}>
          ›
        </button>
      </div>
      <footer>
        <div>
          <h2>{photo.name}</h2>
          <p>
            {photo.width > 0 && `${photo.width} × ${photo.height}, `}
            {bytesText(photo.bytes)}
            {photo.modified > 0 && `, ${date.format(photo.modified)}`}
            {picture?.isSmall && '. Add its folder again to see it whole'}
          </p>
          <NearestWords id={id} />
        </div>
        <button type="button" onClick={() => onLike(photo)}>
          More like this
        </button>
        <button type="button" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </footer>
    </dialog>
  );
}

/** The photo itself, or its thumbnail where the file cannot be read. */
function usePicture(id: string): { readonly address: string; readonly isSmall: boolean } | undefined {
  const library = useLibrary();
  const [picture, setPicture] = useState<{ address: string; isSmall: boolean }>();
  useEffect(() => {
    let address: string | undefined;
    let isShown = true;
    const load = async () => {
      const original = await library.original(id);
      const blob = original ?? (await library.thumbnail(id));
      if (!blob || !isShown) return;
      address = URL.createObjectURL(blob);
      setPicture({ address, isSmall: !original });
    };
    void load();
    return () => {
      isShown = false;
      if (address) URL.revokeObjectURL(address);
    };
  }, [library, id]);
  return picture;
}
