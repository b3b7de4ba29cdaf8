/** The page. */
export function App() {
  return (
    <main>
      <h1>Photos by words</h1>
      <p>No photo leaves this machine.</p>
    </main>
  );
}
