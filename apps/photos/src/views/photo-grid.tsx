import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Photo } from '../library/photo.ts';
import { Thumbnail } from './thumbnail.tsx';

const gap = 6;

/** Narrowest tile, in pixels; three stand side by side on a phone. */
const narrowest = 168;

/** How far a key goes, in tiles. */
const steps: Readonly<Record<string, (columns: number) => number>> = {
  ArrowLeft: () => -1,
  ArrowRight: () => 1,
  ArrowUp: (columns) => -columns,
  ArrowDown: (columns) => columns,
  PageUp: (columns) => -4 * columns,
  PageDown: (columns) => 4 * columns,
  Home: () => -Infinity,
  End: () => Infinity,
};

/** Any number of photos; only those in sight are in the document. Arrows go from one to the next, Enter opens it. */
export function PhotoGrid({
  photos,
  label,
  onOpen,
}: {
  readonly photos: readonly Photo[];
  readonly label: string;
  readonly onOpen: (id: string) => void;
}) {
  const list = useRef<HTMLDivElement>(null);
  const [{ width, top }, setPlace] = useState({ width: 0, top: 0 });
  const [active, setActive] = useState(0);
  const isFocusWanted = useRef(false);
  useLayoutEffect(() => {
    const measure = () => {
      const box = list.current!.getBoundingClientRect();
      setPlace({ width: box.width, top: Math.round(box.top + window.scrollY) });
    };
    const observer = new ResizeObserver(measure);
    observer.observe(list.current!);
    observer.observe(document.body);
    measure();
    return () => observer.disconnect();
  }, []);
  const columns = Math.max(3, Math.floor((width + gap) / (narrowest + gap)));
  const side = Math.max(1, (width - gap * (columns - 1)) / columns);
  const virtual = useWindowVirtualizer({
    count: Math.ceil(photos.length / columns),
    estimateSize: () => side + gap,
    overscan: 3,
    scrollMargin: top,
    // A row that is gone to is not left below the header.
    scrollPaddingStart: document.querySelector('header')?.clientHeight ?? 0,
  });
  useLayoutEffect(() => virtual.measure(), [virtual, side]);
  const at = Math.min(active, photos.length - 1);
  useEffect(() => {
    if (!isFocusWanted.current) return;
    const tile = list.current!.querySelector<HTMLElement>(`[data-at="${at}"]`);
    if (!tile) return;
    isFocusWanted.current = false;
    tile.focus({ preventScroll: true });
  });
  const onKeyDown = (event: KeyboardEvent) => {
    const step = steps[event.key]?.(columns);
    if (step === undefined) return;
    event.preventDefault();
    const next = Math.min(photos.length - 1, Math.max(0, at + step));
    isFocusWanted.current = true;
    setActive(next);
    virtual.scrollToIndex(Math.floor(next / columns));
  };
  const shown = virtual.getVirtualItems().flatMap(({ index, start }) =>
    photos.slice(index * columns, (index + 1) * columns).map((photo, column) => ({
      photo,
      at: index * columns + column,
      left: column * (side + gap),
      top: start - top,
    })),
  );
  // The one that Tab goes to is in the document.
  const stop = shown.some((tile) => tile.at === at) ? at : shown[0]?.at;
  return (
    <div
      ref={list}
      className="grid"
      role="list"
      aria-label={label}
      style={{ height: virtual.getTotalSize() }}
      onKeyDown={onKeyDown}
    >
      {shown.map(({ photo, at: place, left, top: down }) => (
        <div
          key={photo.id}
          role="listitem"
          aria-setsize={photos.length}
          aria-posinset={place + 1}
          className="tile"
          style={{ width: side, height: side, transform: `translate(${left}px, ${down}px)` }}
        >
          <button
            type="button"
            data-at={place}
            tabIndex={place === stop ? 0 : -1}
            title={photo.path}
            onFocus={() => setActive(place)}
            onClick={() => onOpen(photo.id)}
          >
            <Thumbnail id={photo.id} alt={photo.name} />
          </button>
        </div>
      ))}
    </div>
  );
}
