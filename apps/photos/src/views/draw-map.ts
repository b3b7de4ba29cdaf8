import type { Points } from '../insight/map-points.ts';
import { type Pixel, pixelOf, type Size, type Viewport } from '../insight/viewport.ts';

/** What a map shows. */
export interface Drawing {
  readonly points: Points;
  /** Per point which of the colours it has. */
  readonly colours: ArrayLike<number>;
  readonly selected: ReadonlySet<number>;
  readonly view: Viewport;
  /** The line that is being drawn around points. */
  readonly line: readonly Pixel[];
  readonly isDark: boolean;
}

/** Eight colours that are told apart on light and on dark ground, also with any one kind of cone missing (Okabe and Ito 2008). */
const palettes = {
  light: ['#0072b2', '#d55e00', '#007a5a', '#a8508a', '#8a6d00', '#2f6f8f', '#6a3d9a', '#555555'],
  dark: ['#56b4e9', '#e69f00', '#33c79b', '#e49ac9', '#f0e442', '#8ecae6', '#b8a1e3', '#bbbbbb'],
} as const;

export function colourOf(index: number, isDark: boolean): string {
  const palette = isDark ? palettes.dark : palettes.light;
  return palette[index % palette.length]!;
}

/** Draws all points; 20,000 take some milliseconds. */
export function drawMap(context: CanvasRenderingContext2D, size: Size, drawing: Drawing): void {
  const { points, colours, selected, view, line, isDark } = drawing;
  context.clearRect(0, 0, size.width, size.height);
  const count = points.length / 2;
  const radius = Math.min(7, Math.max(1.5, (90 * Math.sqrt(view.scale)) / Math.sqrt(count)));
  const ink = isDark ? '#fff' : '#000';
  for (let i = 0; i < count; i++) {
    const [x, y] = pixelOf(points[2 * i]!, points[2 * i + 1]!, view, size);
    if (x < -radius || y < -radius || x > size.width + radius || y > size.height + radius) continue;
    const isSelected = selected.has(i);
    context.globalAlpha = selected.size > 0 && !isSelected ? 0.35 : 0.9;
    context.fillStyle = colourOf(colours[i] ?? 0, isDark);
    if (radius < 2.5) {
      context.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
      continue;
    }
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fill();
    if (!isSelected) continue;
    context.strokeStyle = ink;
    context.lineWidth = 2;
    context.stroke();
  }
  context.globalAlpha = 1;
  if (line.length < 2) return;
  context.beginPath();
  for (const [x, y] of line) context.lineTo(x, y);
  context.closePath();
  context.strokeStyle = ink;
  context.lineWidth = 1.5;
  context.setLineDash([5, 4]);
  context.stroke();
  context.setLineDash([]);
}
