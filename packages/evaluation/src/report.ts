export { evaluateSpace, type SpaceReport, type SpaceReportOptions } from './report/evaluate-space.ts';
export type { Histogram } from './report/histogram.ts';
export { markdownTable } from './report/markdown-table.ts';
export { mixedModalityMarkdown } from './report/mixed-markdown.ts';
export { reportFiles } from './report/report-files.ts';
export { reportMarkdown } from './report/markdown.ts';
export { reportPlots } from './report/plots.ts';
export { umap, type UmapOptions } from './report/umap.ts';
export { type Plot, type Series, svg } from './report/plot.ts';
