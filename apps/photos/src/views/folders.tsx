import { counted } from './amounts.ts';
import { useLibrary, useLibraryState } from './use-library.ts';

/** Where photos come from, and files that were left out. */
export function Folders() {
  const library = useLibrary();
  const { sources, photos, refusals } = useLibraryState();
  return (
    <>
      <section aria-labelledby="folders">
        <h2 id="folders">Folders</h2>
        <ul className="lines">
          {sources.map(({ id, name, access }) => (
            <li key={id}>
              <span>
                <strong>{name}</strong> {counted(photos.filter(({ source }) => source === id).length, 'photo')}
                {access === 'gone' && '. Add it again to read what changed'}
              </span>
              {access === 'ask' && (
                <button type="button" onClick={() => void library.allow(id)}>
                  Read “{name}” again
                </button>
              )}
              <button type="button" aria-label={`Forget ${name}`} onClick={() => void library.removeSource(id)}>
                Forget
              </button>
            </li>
          ))}
        </ul>
      </section>
      {refusals.length > 0 && (
        <section aria-labelledby="refused">
          <h2 id="refused">{counted(refusals.length, 'file')} left out</h2>
          <ul className="lines">
            {refusals.slice(0, 500).map(({ id, path, reason }) => (
              <li key={id}>
                <span>
                  <strong>{path}</strong> {reason}
                </span>
              </li>
            ))}
          </ul>
          {refusals.length > 500 && <p>and {counted(refusals.length - 500, 'more file')}</p>}
        </section>
      )}
    </>
  );
}
