/** Offers photos that were embedded, or removed, since a view opened. */
export function Later({ count, onInclude }: { readonly count: number; readonly onInclude: () => void }) {
  if (count === 0) return null;
  return (
    <button type="button" onClick={onInclude}>
      {count > 0 ? `Include ${count} new ${count === 1 ? 'photo' : 'photos'}` : 'Leave out what was removed'}
    </button>
  );
}
