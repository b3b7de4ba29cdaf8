import { AddPhotos } from './add-photos.tsx';
import { counted, timeText } from './amounts.ts';
import { useLibrary, useLibraryState } from './use-library.ts';

/** What is being done: how far, how long, and a way to pause. */
export function WorkLine() {
  const library = useLibrary();
  const { photos, rows, progress, paused, elsewhere, problem, reading, model, embedded, sources } = useLibraryState();
  const embeddedCount = rows?.photos.length ?? 0;
  const waiting = photos.length - embeddedCount;
  const hasSources = sources.length > 0;
  const done = progress
    ? `${paused ? 'Paused at' : 'Embedding'} ${counted(progress.done, 'photo')} of ${progress.total.toLocaleString('en-GB')}`
    : undefined;
  const isWorking = progress && !elsewhere;
  const left = progress?.secondsLeft !== undefined && !paused ? `, ${timeText(progress.secondsLeft)}` : '';
  const idle =
    waiting > 0 && !reading && model.status === 'ready' ? `, ${counted(waiting, 'photo')} wait for their folder` : '';
  return (
    <div className="work">
      <p role="status" data-embedded={embedded} data-rows={embeddedCount}>
        {model.status === 'opening' && `Opening the model “${model.choice.label}” … `}
        {model.status === 'failed' && `The model could not be opened: ${model.problem}`}
        {reading > 0 && 'Reading folders … '}
        {elsewhere && 'Another tab embeds photos: '}
        {problem ??
          (isWorking
            ? done + left
            : model.status === 'ready' && !reading && counted(embeddedCount, 'photo') + ` can be searched${idle}`)}
      </p>
      {isWorking && (
        <>
          <progress value={progress.done} max={progress.total} aria-label="Photos embedded" />
          <button type="button" onClick={() => (paused ? library.resume() : void library.pause())}>
            {paused ? 'Resume' : 'Pause'}
          </button>
        </>
      )}
      {hasSources && <AddPhotos />}
    </div>
  );
}
