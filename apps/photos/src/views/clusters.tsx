import { clusterMembers, everydayWords, nameClusters, suggestedClusters } from '@diptych/retrieval';
import { type ComponentType, useMemo, useState } from 'react';
import type { Rows } from '../library/photo.ts';
import { Later } from './later.tsx';
import { useSettled } from './use-settled.ts';
import { useTask } from './use-task.ts';
import { type EmbedWords, useVocabulary } from './use-vocabulary.ts';

export interface ClustersProps {
  readonly rows: Rows;
  /** The user's own, which name groups first. */
  readonly tags: readonly string[];
  readonly embedWords: EmbedWords;
  readonly Thumbnail: ComponentType<{ readonly id: string; readonly alt: string }>;
  /** Shows a photo, one of a list. */
  readonly onOpen: (id: string, ids: readonly string[]) => void;
}

/** Photos of a group that are shown at first. */
const few = 8;

/** Photos in groups of what is alike, with names. */
export function ClustersView({ rows, tags, embedWords, Thumbnail, onOpen }: ClustersProps) {
  const { settled, later, include } = useSettled(rows);
  const most = Math.min(40, settled.photos.length);
  const [asked, setCount] = useState(() => suggestedClusters(settled.photos.length));
  const count = Math.max(1, Math.min(asked, most));
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const words = useVocabulary(everydayWords, embedWords);
  const own = useVocabulary(tags, embedWords);
  const task = useMemo(() => (most > 0 ? { rows: settled.rows, count } : undefined), [settled, count, most]);
  const { result, isBusy, problem } = useTask('clusters', task);
  const groups = useMemo(() => {
    if (!result) return [];
    const names = words ? nameClusters(result.centres, words, own) : [];
    return clusterMembers(result).map(({ centre, places }, i) => ({
      name: names[centre] ?? `Group ${i + 1}`,
      photos: places.map((place) => settled.photos[place]!),
    }));
  }, [result, settled, words, own]);
  return (
    <section className="clusters" aria-labelledby="clusters-heading">
      <h2 id="clusters-heading">Groups</h2>
      <div className="settings">
        <label>
          {count} {count === 1 ? 'group' : 'groups'}
          <input
            type="range"
            min="1"
            max={Math.max(1, most)}
            value={count}
            onChange={({ target }) => setCount(target.valueAsNumber)}
          />
        </label>
        <Later count={later} onInclude={include} />
      </div>
      <p role="status">{problem ?? (isBusy ? 'Finding what is alike …' : 'Names are guesses of the model.')}</p>
      <ol>
        {groups.map(({ name, photos }) => {
          const isOpen = opened.has(name);
          const ids = photos.map(({ id }) => id);
          return (
            <li key={name}>
              <h3>
                {name} <span>{photos.length.toLocaleString('en-GB')}</span>
              </h3>
              <ul>
                {photos.slice(0, isOpen ? undefined : few).map((photo) => (
                  <li key={photo.id}>
                    <button type="button" aria-label={`Show ${photo.name}`} onClick={() => onOpen(photo.id, ids)}>
                      <Thumbnail id={photo.id} alt="" />
                    </button>
                  </li>
                ))}
              </ul>
              {photos.length > few && (
                <button type="button" aria-expanded={isOpen} onClick={() => setOpened(toggled(opened, name))}>
                  {isOpen ? 'Show fewer' : `Show all ${photos.length}`}
                  <span className="hidden"> of {name}</span>
                </button>
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function toggled(set: ReadonlySet<string>, name: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(name)) next.add(name);
  return next;
}
