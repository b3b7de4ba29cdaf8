import { byWorth } from '@diptych/retrieval';
import { type ComponentType, useMemo, useState } from 'react';
import type { Photo, Rows } from '../library/photo.ts';
import { Later } from './later.tsx';
import { useSettled } from './use-settled.ts';
import { useTask } from './use-task.ts';

export interface DuplicatesProps {
  readonly rows: Rows;
  readonly Thumbnail: ComponentType<{ readonly id: string; readonly alt: string }>;
  /** Shows a photo, one of a list. */
  readonly onOpen: (id: string, ids: readonly string[]) => void;
}

/** Groups that are shown at first, and with each step. */
const step = 50;

/** Groups of photos that are nearly the same, one of each to keep. Nothing is deleted here: there is a list to take away. */
export function DuplicatesView({ rows, Thumbnail, onOpen }: DuplicatesProps) {
  const { settled, later, include } = useSettled(rows);
  const [threshold, setThreshold] = useState(0.97);
  const [kept, setKept] = useState<ReadonlyMap<string, string>>(new Map());
  const [shown, setShown] = useState(step);
  const task = useMemo(() => ({ rows: settled.rows, threshold }), [settled, threshold]);
  const { result, isBusy, share, problem } = useTask('duplicates', task);
  const groups = useMemo(
    () => result?.map((places) => byWorth(places.map((place) => settled.photos[place]!))) ?? [],
    [result, settled],
  );
  const keptOf = (group: readonly Photo[]) => kept.get(groupId(group)) ?? group[0]!.id;
  const spare = groups.flatMap((group) => group.filter(({ id }) => id !== keptOf(group)));
  const bytes = spare.reduce((sum, photo) => sum + photo.bytes, 0);
  return (
    <section className="duplicates" aria-labelledby="duplicates-heading">
      <h2 id="duplicates-heading">Near-duplicates</h2>
      <div className="settings">
        <label>
          Alike by at least {threshold.toFixed(3)}
          <input
            type="range"
            min="0.9"
            max="1"
            step="0.005"
            value={threshold}
            onChange={({ target }) => setThreshold(target.valueAsNumber)}
          />
        </label>
        <Later count={later} onInclude={include} />
      </div>
      <p role="status">
        {problem ??
          (isBusy
            ? 'Comparing all photos …'
            : groups.length === 0
              ? 'No photos are that much alike.'
              : `${plural(groups.length, 'group')}; ${plural(spare.length, 'photo')} to spare, ${megabytes(bytes)}.`)}
      </p>
      {isBusy && share !== undefined && <progress aria-label="Photos compared" value={share} />}
      {groups.length > 0 && (
        <p className="take">
          <button type="button" onClick={() => download(spare)}>
            Save the list of photos to spare
          </button>
          <span>Nothing is deleted: this page only reads your folders.</span>
        </p>
      )}
      <ol>
        {groups.slice(0, shown).map((group, i) => (
          <li key={groupId(group)}>
            <fieldset>
              <legend>Group {i + 1}: keep one</legend>
              {group.map((photo) => (
                <Choice
                  key={photo.id}
                  photo={photo}
                  name={groupId(group)}
                  isKept={keptOf(group) === photo.id}
                  onKeep={() => setKept(new Map(kept).set(groupId(group), photo.id))}
                >
                  <button
                    type="button"
                    aria-label={`Show ${photo.name}`}
                    onClick={() =>
                      onOpen(
                        photo.id,
                        group.map(({ id }) => id),
                      )
                    }
                  >
                    <Thumbnail id={photo.id} alt="" />
                  </button>
                </Choice>
              ))}
            </fieldset>
          </li>
        ))}
      </ol>
      {groups.length > shown && (
        <button type="button" onClick={() => setShown(shown + step)}>
          Show more groups
        </button>
      )}
    </section>
  );
}

interface ChoiceProps {
  readonly photo: Photo;
  /** Of the group. */
  readonly name: string;
  readonly isKept: boolean;
  readonly onKeep: () => void;
  readonly children: React.ReactNode;
}

function Choice({ photo, name, isKept, onKeep, children }: ChoiceProps) {
  return (
    <div className={isKept ? 'choice kept' : 'choice'}>
      {children}
      <label>
        <input type="radio" name={name} checked={isKept} onChange={onKeep} />
        <span>
          <strong>{photo.path}</strong>
          {photo.width} × {photo.height}, {megabytes(photo.bytes)}
        </span>
      </label>
    </div>
  );
}

function groupId(group: readonly Photo[]): string {
  return group
    .map(({ id }) => id)
    .toSorted()
    .join(' ');
}

function plural(count: number, what: string): string {
  return `${count.toLocaleString('en-GB')} ${what}${count === 1 ? '' : 's'}`;
}

function megabytes(bytes: number): string {
  const unit = bytes < 1e5 ? ([1e3, 'kB'] as const) : ([1e6, 'MB'] as const);
  return `${(bytes / unit[0]).toLocaleString('en-GB', { maximumFractionDigits: 1 })} ${unit[1]}`;
}

/** Paths, one a line. */
function download(photos: readonly Photo[]): void {
  const url = URL.createObjectURL(
    new Blob(
      photos.map(({ path }) => `${path}\n`),
      { type: 'text/plain' },
    ),
  );
  Object.assign(document.createElement('a'), { href: url, download: 'photos-to-spare.txt' }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
