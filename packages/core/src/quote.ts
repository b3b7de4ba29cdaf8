const most = 80;

/**
 * A value as a message shows it: JSON, cut after 80 letters. No more of the value than that is looked at, so that it may be
 * of any size and depth.
 */
export function quote(value: unknown): string {
  const text = beginning(value, most + 1);
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

/** At least the first `room` letters of a value's JSON, or all. Every level is a letter, so that levels are bounded too. */
function beginning(value: unknown, room: number): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, room));
  if (typeof value !== 'object' || value === null) return String(value);
  const isList = Array.isArray(value);
  let text = isList ? '[' : '{';
  for (const name in value) {
    if (!Object.hasOwn(value, name)) continue;
    if (text.length > 1) text += ',';
    if (!isList) text += `${beginning(name, room - text.length)}:`;
    if (text.length >= room) return text;
    text += beginning((value as Readonly<Record<string, unknown>>)[name], room - text.length);
    if (text.length >= room) return text;
  }
  return text + (isList ? ']' : '}');
}
