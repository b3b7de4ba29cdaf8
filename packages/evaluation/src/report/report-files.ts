import type { SpaceReport } from './evaluate-space.ts';
import { reportMarkdown } from './markdown.ts';
import { reportPlots } from './plots.ts';

/** A report as files by name: `report.md`, `report.json` and a plot each in SVG. The same report gives the same bytes. */
export function reportFiles(report: SpaceReport): Readonly<Record<string, string>> {
  const plots = Object.entries(reportPlots(report)).map(([name, plot]) => [`${name}.svg`, plot] as const);
  return {
    'report.json': `${JSON.stringify(report)}\n`,
    ...Object.fromEntries(plots),
    'report.md': reportMarkdown(report),
  };
}
