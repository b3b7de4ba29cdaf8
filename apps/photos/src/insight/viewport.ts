/** Which part of a map is seen: what lies in the middle, and how much larger it is than when all is seen. */
export interface Viewport {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

/** Size of what it is seen in, in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export type Pixel = readonly [x: number, y: number];

export const whole: Viewport = { x: 0.5, y: 0.5, scale: 1 };

/** Closer, single points are far apart. */
const closest = 400;

/** Pixels of one unit of the map. */
function perUnit({ scale }: Viewport, { width, height }: Size): number {
  return scale * Math.min(width, height);
}

/** Where a place of the map is seen. */
export function pixelOf(x: number, y: number, view: Viewport, size: Size): Pixel {
  const unit = perUnit(view, size);
  return [size.width / 2 + (x - view.x) * unit, size.height / 2 + (y - view.y) * unit];
}

/** Which place of the map is seen at a pixel. */
export function placeAt([x, y]: Pixel, view: Viewport, size: Size): readonly [x: number, y: number] {
  const unit = perUnit(view, size);
  return [view.x + (x - size.width / 2) / unit, view.y + (y - size.height / 2) / unit];
}

/** Moved by pixels: what was in the middle is then so far from it. The middle stays on the map. */
export function panned(view: Viewport, [dx, dy]: Pixel, size: Size): Viewport {
  const unit = perUnit(view, size);
  const onMap = (value: number) => Math.max(0, Math.min(1, value));
  return { ...view, x: onMap(view.x - dx / unit), y: onMap(view.y - dy / unit) };
}

/** Larger by a factor; what is seen at `pixel` stays there, but for the edges of the map. */
export function zoomed(view: Viewport, factor: number, pixel: Pixel, size: Size): Viewport {
  const scale = Math.max(1, Math.min(closest, view.scale * factor));
  const [x, y] = placeAt(pixel, view, size);
  const next = { x, y, scale };
  return panned(next, [pixel[0] - size.width / 2, pixel[1] - size.height / 2], size);
}

/** Whether a pixel is inside a closed line, by the parity of its edges to the right. */
export function isInside([x, y]: Pixel, line: readonly Pixel[]): boolean {
  let inside = false;
  line.forEach(([ax, ay], i) => {
    const [bx, by] = line[(i + 1) % line.length]!;
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  });
  return inside;
}
