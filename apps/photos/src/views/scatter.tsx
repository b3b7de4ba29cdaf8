import { type ComponentType, type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { Points } from '../insight/map-points.ts';
import { isInside, panned, type Pixel, pixelOf, type Size, type Viewport, whole, zoomed } from '../insight/viewport.ts';
import type { Photo } from '../library/photo.ts';
import { colourOf, drawMap } from './draw-map.ts';
import { useIsDark } from './use-is-dark.ts';

export interface ScatterProps {
  readonly photos: readonly Photo[];
  readonly points: Points;
  readonly colours: ArrayLike<number>;
  readonly selected: ReadonlySet<number>;
  /** Whether a drag draws a line around points; otherwise, and with Shift the other way, it moves the map. */
  readonly isSelecting: boolean;
  readonly onSelect: (places: ReadonlySet<number>) => void;
  readonly onOpen: (place: number) => void;
  readonly Thumbnail: ComponentType<{ readonly id: string; readonly alt: string }>;
}

/** Photos are shown small, where they do not cover each other, once no more than this are in view. */
const mostInView = 2000;
const mostThumbnails = 150;
/** Side of a small photo and what is left free around it, in pixels. */
const side = 50;
/** A press this near to a point is on it, in pixels; a drag is longer than a few. */
const reach = 24;
const slip = 4;

/** Points of photos to move, enlarge and select among, by pointer and by keys. */
export function Scatter({ photos, points, colours, selected, isSelecting, onSelect, onOpen, Thumbnail }: ScatterProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(canvas);
  const isDark = useIsDark();
  const [view, setView] = useState(whole);
  const [line, setLine] = useState<readonly Pixel[]>([]);
  const pointers = useRef(new Map<number, Pixel>());
  const moved = useRef(0);
  /** As `line`, also for events that come before the next drawing. */
  const drawn = useRef<readonly Pixel[]>([]);
  const draw = (next: readonly Pixel[]) => {
    drawn.current = next;
    setLine(next);
  };
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || size.width === 0) return;
    const ratio = devicePixelRatio;
    context.canvas.width = Math.round(size.width * ratio);
    context.canvas.height = Math.round(size.height * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawMap(context, size, { points, colours, selected, view, line, isDark });
  }, [points, colours, selected, view, line, isDark, size]);
  useEffect(() => {
    const element = canvas.current!;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      setView((now) => zoomed(now, Math.exp(-event.deltaY / 400), [event.offsetX, event.offsetY], size));
    };
    // React's own listener cannot keep the page from scrolling.
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [size]);
  const inView = useMemo(() => placesInView(points, view, size), [points, view, size]);
  const spots = useMemo(() => apartFrom(inView, { points, view, size }), [inView, points, view, size]);

  const onPointerDown = (event: PointerEvent) => {
    canvas.current!.setPointerCapture(event.pointerId);
    pointers.current.set(event.pointerId, pixel(event));
    moved.current = 0;
    if (isSelecting !== event.shiftKey && pointers.current.size === 1) draw([pixel(event)]);
    else draw([]);
  };
  const onPointerMove = (event: PointerEvent) => {
    const before = pointers.current.get(event.pointerId);
    if (!before) return;
    const now = pixel(event);
    const step: Pixel = [now[0] - before[0], now[1] - before[1]];
    moved.current += Math.hypot(...step);
    const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1];
    pointers.current.set(event.pointerId, now);
    if (other) {
      const factor = apart(now, other) / Math.max(1, apart(before, other));
      const middle: Pixel = [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2];
      setView((last) => zoomed(panned(last, [step[0] / 2, step[1] / 2], size), factor, middle, size));
    } else if (drawn.current.length > 0) draw([...drawn.current, now]);
    else setView((last) => panned(last, step, size));
  };
  const onPointerUp = (event: PointerEvent) => {
    if (!pointers.current.delete(event.pointerId) || pointers.current.size > 0) return;
    if (moved.current < slip) {
      const nearest = nearestTo(pixel(event), { points, view, size });
      if (nearest !== undefined && event.type === 'pointerup') onOpen(nearest);
    } else if (drawn.current.length > 2) {
      const outline = drawn.current;
      const at = (place: number) => pixelOf(points[2 * place]!, points[2 * place + 1]!, view, size);
      onSelect(new Set(inView.filter((place) => isInside(at(place), outline))));
    }
    draw([]);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = afterKey(event.key, view, size);
    if (next) setView(next);
    else if (event.key === 'Enter') onSelect(new Set(inView));
    else if (event.key === 'Escape') onSelect(new Set());
    else return;
    event.preventDefault();
  };
  return (
    <div className="scatter">
      <canvas
        ref={canvas}
        role="application"
        aria-label={`Map of ${photos.length} photos, ${inView.length} of them in view`}
        aria-describedby="map-keys"
        tabIndex={0}
        {...{ onPointerDown, onPointerMove, onPointerUp, onPointerCancel: onPointerUp, onKeyDown }}
      />
      {spots.map(({ place, at: [left, top] }) => (
        <span
          key={photos[place]!.id}
          className={selected.has(place) ? 'spot selected' : 'spot'}
          style={{ left, top, borderColor: colourOf(colours[place] ?? 0, isDark) }}
          aria-hidden="true"
        >
          <Thumbnail id={photos[place]!.id} alt="" />
        </span>
      ))}
    </div>
  );
}

function pixel({ nativeEvent: { offsetX, offsetY } }: PointerEvent): Pixel {
  return [offsetX, offsetY];
}

function apart(a: Pixel, b: Pixel): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

function placesInView(points: Points, view: Viewport, size: Size): readonly number[] {
  const places: number[] = [];
  for (let i = 0; i < points.length / 2; i++) {
    const [x, y] = pixelOf(points[2 * i]!, points[2 * i + 1]!, view, size);
    if (x >= 0 && y >= 0 && x <= size.width && y <= size.height) places.push(i);
  }
  return places;
}

interface Seen {
  readonly points: Points;
  readonly view: Viewport;
  readonly size: Size;
}

/** Places of which small photos do not cover each other: the first of those that would. */
function apartFrom(places: readonly number[], { points, view, size }: Seen): { place: number; at: Pixel }[] {
  const spots: { place: number; at: Pixel }[] = [];
  if (places.length > mostInView) return spots;
  for (const place of places) {
    const at = pixelOf(points[2 * place]!, points[2 * place + 1]!, view, size);
    const isFree = spots.every(({ at: [x, y] }) => Math.max(Math.abs(x - at[0]), Math.abs(y - at[1])) >= side);
    if (isFree && spots.push({ place, at }) === mostThumbnails) break;
  }
  return spots;
}

function nearestTo(at: Pixel, { points, view, size }: Seen): number | undefined {
  let [nearest, least]: [number | undefined, number] = [undefined, reach];
  for (let i = 0; i < points.length / 2; i++) {
    const distance = apart(at, pixelOf(points[2 * i]!, points[2 * i + 1]!, view, size));
    if (distance < least) [nearest, least] = [i, distance];
  }
  return nearest;
}

/** Pixels of one press of an arrow. */
const stride = 60;

function afterKey(key: string, view: Viewport, size: Size): Viewport | undefined {
  const middle: Pixel = [size.width / 2, size.height / 2];
  switch (key) {
    case 'ArrowLeft':
      return panned(view, [stride, 0], size);
    case 'ArrowRight':
      return panned(view, [-stride, 0], size);
    case 'ArrowUp':
      return panned(view, [0, stride], size);
    case 'ArrowDown':
      return panned(view, [0, -stride], size);
    case '+':
    case '=':
      return zoomed(view, 1.5, middle, size);
    case '-':
      return zoomed(view, 1 / 1.5, middle, size);
    case '0':
      return whole;
    default:
      return undefined;
  }
}

function useSize(element: { readonly current: HTMLElement | null }): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      const { width, height } = entry!.contentRect;
      setSize({ width, height });
    });
    observer.observe(element.current!);
    return () => observer.disconnect();
  }, [element]);
  return size;
}
