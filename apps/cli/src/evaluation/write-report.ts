import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reportMarkdown, reportPlots, type SpaceReport } from '@diptych/evaluation/report';
import { beside } from '../output/beside.ts';

/** `report.md`, `report.json` and a plot each in SVG, in a folder, which is made where it is missing. */
export async function writeReport(folder: string, report: SpaceReport): Promise<void> {
  await beside(folder, async (partial) => reportFiles(partial, report));
}

/** The same in a folder that is there. */
export async function reportFiles(folder: string, report: SpaceReport): Promise<void> {
  await writeFile(join(folder, 'report.json'), `${JSON.stringify(report)}\n`);
  for (const [name, plot] of Object.entries(reportPlots(report))) await writeFile(join(folder, `${name}.svg`), plot);
  await writeFile(join(folder, 'report.md'), reportMarkdown(report));
}
