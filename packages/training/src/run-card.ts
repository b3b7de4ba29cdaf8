import type { EpochRecord } from '@diptych/alignment';
import type { Json } from '@diptych/core';
import { markdownTable } from '@diptych/evaluation/report';
import type { CaptionSplit } from './caption-split.ts';

/** What a run was, for whoever finds its model. */
export interface Run {
  readonly name: string;
  /** What was trained further, where something was. */
  readonly base?: string;
  /** Whether the folder has adapters alone, which are added to `base`. */
  readonly isAdapter?: boolean;
  /** The whole file that it was told. */
  readonly config: Json;
  readonly train: CaptionSplit;
  readonly validation?: CaptionSplit | undefined;
  /** All its epochs. */
  readonly history: readonly EpochRecord[];
}

const directions = [
  ['image_retrieval', 'captions, whose image is looked for', ({ captions }: CaptionSplit) => captions.length],
  ['text_retrieval', 'images, whose captions are looked for', ({ samples }: CaptionSplit) => samples.length],
] as const;

/** A model card in Markdown, as hubs show it: data, results with intervals, settings, limits. */
export function runCard(run: Run): string {
  const { name, base, isAdapter, config } = run;
  const chosen = chosenOf(run);
  const folder = "'./folder-of-this-file'";
  const model = isAdapter ? `'${base}', { adapter: ${folder} }` : folder;
  const how = base === undefined ? 'Trained' : `${base}, trained further`;
  return [
    '---\nlibrary_name: diptych\ntags:\n  - diptych\n  - multimodal-embeddings\n---',
    `# ${name}`,
    `${how} on captioned images by \`diptych train\`: texts and images in one vector space.`,
    `\`\`\`ts\nimport { open } from 'diptych';\n\nusing space = await open(${model});\n` +
      "const rows = await space.embed('text', ['a dog on a beach']);\n```",
    '## Data',
    dataTable(run),
    '## Results',
    results(run, chosen),
    '## Settings',
    `\`\`\`json\n${JSON.stringify(config, null, 2)}\n\`\`\``,
    '## Limits',
    limits(run, chosen)
      .map((line) => `- ${line}`)
      .join('\n'),
  ]
    .join('\n\n')
    .concat('\n');
}

function dataTable({ train, validation }: Run): string {
  const row = (split: string, { samples, captions, labels }: CaptionSplit) => {
    return [split, String(samples.length), String(captions.length), labels ? String(labels.names.length) : ''];
  };
  const rows = [row('learnt from', train), ...(validation ? [row('judged on', validation)] : [])];
  return markdownTable(['', 'images', 'captions', 'classes'], rows);
}

function results({ validation, history }: Run, best: EpochRecord | undefined): string {
  if (!best || !validation) return 'None: no split was kept to judge it on.';
  const rows = directions.flatMap(([direction, , queriesOf]) =>
    [1, 5, 10].flatMap((k) => {
      const share = best.metrics[`${direction}_recall@${k}`];
      if (share === undefined) return [];
      const interval = wilson(share, queriesOf(validation)).map(percent).join(' to ');
      return [[`\`${direction}_recall@${k}\``, percent(share), interval]];
    }),
  );
  const { rsum } = best.metrics;
  if (rsum !== undefined) rows.push(['`rsum`', rsum.toFixed(1), '']);
  const epoch = `Epoch ${best.epoch + 1} of ${history.length}, the one with the highest \`rsum\`, on the images that it was chosen by:`;
  const queries = directions.map(([direction, what, queriesOf]) => {
    return `\`${direction}\` has ${queriesOf(validation)} queries, ${what}.`;
  });
  const why = `Intervals of 95 % (Wilson) take queries for independent, which captions of one image are not.`;
  return [epoch, markdownTable(['', '%', 'between'], rows), [...queries, why].join(' ')].join('\n\n');
}

function limits({ train, validation, base }: Run, chosen: EpochRecord | undefined): string[] {
  const judged = validation
    ? `Recall is among ${validation.samples.length} images, and falls where more are searched. The epoch was chosen on them: ` +
      'on others expect less.'
    : 'Nothing is known of images that it did not learn from.';
  const words = 'Of words that these have in no caption it knows nothing.';
  return [
    judged,
    `It learnt from ${train.samples.length} images, and what their captions leave out or get wrong, it does too.`,
    ...(base === undefined ? [words] : []),
    ...(chosen?.warnings ?? []).map(({ message }) => message),
  ];
}

/** The epoch whose values the model has: as in `trainEpochs`, the best one, or without validation the last. */
function chosenOf({ validation, history }: Run): EpochRecord | undefined {
  if (!validation) return history.at(-1);
  const score = ({ metrics }: EpochRecord) => metrics['rsum'] ?? -Infinity;
  return history.reduce<EpochRecord | undefined>(
    (best, one) => (!best || score(one) > score(best) ? one : best),
    undefined,
  );
}

/** The interval of 95 % of a share of `n`: E. B. Wilson, "Probable inference, the law of succession", 1927. */
function wilson(share: number, n: number): readonly [number, number] {
  const z = 1.959964;
  const middle = share + z ** 2 / (2 * n);
  const reach = z * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2));
  return [(middle - reach) / (1 + z ** 2 / n), (middle + reach) / (1 + z ** 2 / n)];
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}
