import { type RefObject, useEffect } from 'react';

const focusable = 'a[href], button:enabled:not([tabindex="-1"]), input:enabled, [tabindex="0"]';

/** Where something is among its siblings. */
interface Place {
  readonly parent: Element;
  readonly index: number;
}

/**
 * What has the focus and is taken away, as a tag that is removed or a viewer that closes, leaves it to what comes next in its
 * place, or to the whole of what is shown: the next Tab goes on from there, not from the beginning of the page.
 */
export function useKeptFocus(whole: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    let last: Element | undefined;
    let places: readonly Place[] = [];
    const onFocus = ({ target }: FocusEvent) => {
      last = target as Element;
      places = placesOf(last);
    };
    const observer = new MutationObserver(() => {
      if (!last || last.isConnected || document.activeElement !== document.body) return;
      last = undefined;
      const next = places.map(nextIn).find((found) => found !== undefined);
      (next ?? whole.current)?.focus({ preventScroll: true });
    });
    document.addEventListener('focusin', onFocus);
    observer.observe(document.body, { childList: true, subtree: true });
    return () => {
      document.removeEventListener('focusin', onFocus);
      observer.disconnect();
    };
  }, [whole]);
}

/** From the nearest one up to the part of the page. */
function placesOf(element: Element): Place[] {
  const places: Place[] = [];
  const part = element.closest('main, header, dialog') ?? element;
  for (let at = element; at !== part; at = at.parentElement!) {
    places.push({ parent: at.parentElement!, index: [...at.parentElement!.children].indexOf(at) });
  }
  return places;
}

function nextIn({ parent, index }: Place): HTMLElement | undefined {
  if (!parent.isConnected) return undefined;
  const after = [...parent.children].slice(index).flatMap((child) => [child, ...child.querySelectorAll('*')]);
  return [...after, ...parent.querySelectorAll('*')].find(
    (each): each is HTMLElement => each.matches(focusable) && each.checkVisibility(),
  );
}
