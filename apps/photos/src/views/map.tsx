import { everydayWords, nameClusters } from '@diptych/retrieval';
import { type ComponentType, useMemo, useState } from 'react';
import type { Rows } from '../library/photo.ts';
import { colourOf } from './draw-map.ts';
import { Later } from './later.tsx';
import { Scatter } from './scatter.tsx';
import { useIsDark } from './use-is-dark.ts';
import { useSettled } from './use-settled.ts';
import { useTask } from './use-task.ts';
import { type EmbedWords, useVocabulary } from './use-vocabulary.ts';

export interface MapProps {
  readonly rows: Rows;
  /** The user's own words, which name groups first. */
  readonly tags: readonly string[];
  readonly embedWords: EmbedWords;
  readonly Thumbnail: ComponentType<{ readonly id: string; readonly alt: string }>;
  /** Shows a photo, one of a list. */
  readonly onOpen: (id: string, ids: readonly string[]) => void;
}

/** As many groups as there are colours. */
const mostColours = 8;
/** Photos of a selection that are shown at first, and with each step. */
const step = 60;

/** The space of the model, flat: what is alike lies together, by the two axes at once, by neighbourhoods a little later. */
export function MapView({ rows, tags, embedWords, Thumbnail, onOpen }: MapProps) {
  const { settled, later, include } = useSettled(rows);
  const { photos } = settled;
  const [isByAxes, setByAxes] = useState(false);
  const [isSelecting, setSelecting] = useState(false);
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set());
  const [shown, setShown] = useState(step);
  const task = useMemo(() => ({ rows: settled.rows }), [settled]);
  const axes = useTask('axes', task);
  const neighbours = useTask('neighbours', isByAxes ? undefined : task);
  const groupTask = useMemo(
    () => ({ ...task, count: Math.min(mostColours, Math.ceil(Math.sqrt(photos.length / 2))) }),
    [task, photos],
  );
  const groups = useTask('clusters', groupTask);
  const words = useVocabulary(everydayWords, embedWords);
  const own = useVocabulary(tags, embedWords);
  const names = useMemo(
    () => (groups.result && words ? nameClusters(groups.result.centres, words, own) : []),
    [groups.result, words, own],
  );
  const isDark = useIsDark();
  const fits = (points: Float32Array | undefined) => (points?.length === 2 * photos.length ? points : undefined);
  const points = (isByAxes ? undefined : fits(neighbours.result)) ?? fits(axes.result);
  const select = (places: ReadonlySet<number>) => {
    setSelected(places);
    setShown(step);
  };
  const chosen = [...selected].map((place) => photos[place]!).filter(Boolean);
  const ids = chosen.map(({ id }) => id);
  const problem = axes.problem ?? (isByAxes ? undefined : neighbours.problem);
  return (
    <section className="map" aria-labelledby="map-heading">
      <h2 id="map-heading">Map</h2>
      <div className="settings">
        <div className="choices" role="group" aria-label="Arrangement">
          <button type="button" aria-pressed={!isByAxes} onClick={() => setByAxes(false)}>
            By neighbourhoods
          </button>
          <button type="button" aria-pressed={isByAxes} onClick={() => setByAxes(true)}>
            By main axes
          </button>
        </div>
        <button type="button" aria-pressed={isSelecting} onClick={() => setSelecting(!isSelecting)}>
          Draw around photos
        </button>
        <Later
          count={later}
          onInclude={() => {
            select(new Set());
            include();
          }}
        />
        {!isByAxes && neighbours.isBusy && (
          <progress aria-label="Neighbourhoods found" {...(neighbours.share ? { value: neighbours.share } : {})} />
        )}
      </div>
      {problem && <p className="note">{problem}</p>}
      {points ? (
        <Scatter
          {...{ photos, points, selected, isSelecting, Thumbnail }}
          colours={groups.result?.cluster ?? []}
          onSelect={select}
          onOpen={(place) =>
            onOpen(
              photos[place]!.id,
              photos.map(({ id }) => id),
            )
          }
        />
      ) : (
        <div className="scatter" />
      )}
      <p id="map-keys" className="keys">
        Drag to move, scroll or pinch to enlarge, Shift and drag to draw around photos. By keys: arrows, + and −, 0 for
        all; Enter selects what is in view, Escape nothing.
      </p>
      <ul className="legend" aria-label="Groups">
        {names.map((name, i) => (
          <li key={name}>
            <button type="button" onClick={() => select(membersOfGroup(groups.result!.cluster, i))}>
              <span className="swatch" style={{ background: colourOf(i, isDark) }} />
              {name}
            </button>
          </li>
        ))}
      </ul>
      <p role="status">{chosen.length > 0 ? `${chosen.length.toLocaleString('en-GB')} selected` : ''}</p>
      <ul className="chosen" aria-label="Selected photos">
        {chosen.slice(0, shown).map(({ id, name }) => (
          <li key={id}>
            <button type="button" aria-label={`Show ${name}`} onClick={() => onOpen(id, ids)}>
              <Thumbnail id={id} alt="" />
            </button>
          </li>
        ))}
      </ul>
      {chosen.length > shown && (
        <button type="button" onClick={() => setShown(shown + step)}>
          Show more
        </button>
      )}
    </section>
  );
}

function membersOfGroup(cluster: Int32Array, group: number): ReadonlySet<number> {
  const places = new Set<number>();
  for (const [place, of] of cluster.entries()) if (of === group) places.add(place);
  return places;
}
