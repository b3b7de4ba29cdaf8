import type { HubProgress } from '@diptych/files';
import { useRef, useState } from 'react';
import { bytesText } from '../views/amounts.ts';
import type { FoundModel } from './fetch-model.ts';
import { endpoint, removeStored, storedModels } from './stored.ts';

/** Models of the hub for the page of photos: this page may ask the hub, and has nothing that reads photos. */
export function HubPage() {
  const [models, setModels] = useState(storedModels);
  const [name, setName] = useState('');
  const [found, setFound] = useState<FoundModel>();
  const [progress, setProgress] = useState<HubProgress>();
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const stop = useRef<AbortController>(undefined);

  /** One thing at a time; what fails is said. */
  const during = async (work: (signal: AbortSignal, code: typeof import('./fetch-model.ts')) => Promise<void>) => {
    const { signal } = (stop.current = new AbortController());
    setBusy(true);
    setProblem(undefined);
    try {
      await work(signal, await import('./fetch-model.ts'));
    } catch (error) {
      if (!signal.aborted) setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
      setProgress(undefined);
      setModels(storedModels());
    }
  };
  const find = () =>
    during(async (signal, { findModel }) => {
      setFound(undefined);
      setFound(await findModel(name.trim(), signal));
    });
  const fetch = (model: FoundModel) =>
    during(async (signal, { fetchModel }) => {
      await fetchModel(model, { signal, onDownload: setProgress });
      setFound(undefined);
    });
  const remove = async (model: string) => {
    await removeStored(model);
    setModels(storedModels());
  };
  return (
    <>
      <header>
        <h1>Models of the hub</h1>
        <nav aria-label="Pages">
          <a href="./#/model">Back to the photos</a>
        </nav>
      </header>
      <main>
        <section aria-labelledby="fetch">
          <h2 id="fetch">Fetch a model</h2>
          <p className="note">
            This page alone may ask {new URL(endpoint).host}, and it has no photos. What it fetches is kept in this
            browser, and the page of photos opens it from there.
          </p>
          <form
            className="add"
            onSubmit={(event) => {
              event.preventDefault();
              if (!isBusy) void find();
            }}
          >
            <input
              aria-label="Name on the hub"
              placeholder="openai/clip-vit-base-patch32"
              autoComplete="off"
              spellCheck={false}
              value={name}
              onChange={({ currentTarget: { value } }) => setName(value)}
            />
            <button type="submit" aria-disabled={isBusy}>
              Look up
            </button>
          </form>
          {found && (
            <p>
              <strong>{found.name}</strong>: licence {found.licence}, weights of {bytesText(found.bytes)}
            </p>
          )}
          {found && !isBusy && (
            <button type="button" className="main" onClick={() => void fetch(found)}>
              Download
            </button>
          )}
          {isBusy && (
            <div className="work">
              <p role="status">
                {progress
                  ? `${progress.path}: ${bytesText(progress.done)} of ${bytesText(progress.total)}`
                  : 'Asking the hub …'}
              </p>
              <progress aria-label="Downloaded" {...(progress && { value: progress.done, max: progress.total })} />
              <button type="button" onClick={() => stop.current?.abort()}>
                Cancel
              </button>
            </div>
          )}
          {problem && <p role="alert">{problem}</p>}
        </section>
        <section aria-labelledby="kept">
          <h2 id="kept">Kept in this browser</h2>
          {models.length === 0 && <p className="note">None yet.</p>}
          <ul className="lines">
            {models.map((model) => (
              <li key={model.name}>
                <span>
                  <strong>{model.name}</strong> licence {model.licence}
                </span>
                <button type="button" aria-label={`Remove ${model.name}`} onClick={() => void remove(model.name)}>
                  Remove
                </button>
              </li>
            ))}
          </ul>
        </section>
      </main>
    </>
  );
}
