/** Where to ask, and what to say there. */
export interface Address {
  /** Without a user and password. */
  readonly url: string;
  /** `authorization`, where the address had them. */
  readonly headers: Readonly<Record<string, string>>;
}

/** An address apart from the user and password in it, which `fetch` takes in a header alone; no message may quote them. */
export function addressOf(url: string | URL): Address {
  const text = String(url);
  if (!/^https?:/i.test(text) || !URL.canParse(text)) return { url: text, headers: {} };
  const parsed = new URL(text);
  const { username, password } = parsed;
  if (username === '' && password === '') return { url: text, headers: {} };
  parsed.username = '';
  parsed.password = '';
  const bytes = new TextEncoder().encode(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  return { url: parsed.href, headers: { authorization: `Basic ${btoa(String.fromCharCode(...bytes))}` } };
}

/** A text without the user and password of the addresses in it. */
export function withoutPasswords(text: string): string {
  return text.replaceAll(/\/\/[^/?#\s]+@/g, '//');
}
