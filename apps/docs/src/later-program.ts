/** What a visitor does first: each starts the program of the page. */
const first = ['pointerover', 'pointerdown', 'click', 'keydown', 'focusin', 'input', 'change', 'scroll'];
/** Of those, what the program has to be told again, for nothing listened to it. */
const again = ['click', 'keydown', 'input', 'change'];

/** What a page says once its program listens. */
export const listening = 'diptych:listening';

/**
 * A page whose program starts when the visitor does anything, since what it shows is there without: a phone would draw it
 * later, for the theme takes over all of a page. What is done before the program listens is done again for it; links need none.
 *
 * @param html As VitePress writes it, with the one module script that starts the program.
 */
export function laterProgram(html: string): string {
  const script = /<script type="module" src="([^"]+)"><\/script>/;
  const source = script.exec(html)?.[1];
  if (source === undefined) throw new Error('the start page: expected the script of a module');
  const told = JSON.stringify([source, listening, first, again]);
  // The theme names its switch once its program runs.
  return html
    .replace(script, () => `<script>(${start})(${told})</script>`)
    .replaceAll('role="switch" title ', 'role="switch" title="Switch between light and dark" ');
}

// Printed into the page: in the words of browsers alone, and of nothing outside.
const start = `([source, listening, first, again]) => {
  const early = [];
  const note = (event) => {
    if (again.includes(event.type) && !event.target.closest?.('a')) early.push([event, event.target.value]);
    import(source);
  };
  for (const type of first) addEventListener(type, note, { capture: true, passive: true });
  addEventListener(listening, () => {
    for (const type of first) removeEventListener(type, note, { capture: true });
    for (const [event, value] of early) {
      if (value !== undefined) event.target.value = value;
      event.target.dispatchEvent(new event.constructor(event.type, event));
    }
  }, { once: true });
}`;
