import { find } from '../search.js';

export default async function Page({ searchParams }) {
  const { words = 'Hund' } = await searchParams;
  const names = await find(words);
  return (
    <form>
      <input type="search" name="words" defaultValue={words} aria-label="Words" />
      <ol>
        {names.map((name) => (
          <li key={name}>
            <img src={`/photos/${name}`} alt={name} width="96" />
          </li>
        ))}
      </ol>
    </form>
  );
}
