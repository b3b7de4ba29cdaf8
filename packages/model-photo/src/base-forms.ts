/** WordNet's endings of nouns and verbs, and what stands in their place in the forms that a dictionary lists; `snowboarder`. */
const endings = [
  ['ies', 'y'],
  ['ches', 'ch'],
  ['shes', 'sh'],
  ['ses', 's'],
  ['xes', 'x'],
  ['zes', 'z'],
  ['ves', 'f'],
  ['men', 'man'],
  ['s', ''],
  ['es', ''],
  ['ing', ''],
  ['ing', 'e'],
  ['ed', ''],
  ['ed', 'e'],
  ['er', ''],
  ['ers', ''],
] as const;

/** The word, and what it may be a form of: `berries` gives `berries`, `berry`, `berrie` and so on, the likely ones first. */
export function baseForms(word: string): string[] {
  const found = endings.flatMap(([ending, instead]) =>
    word.endsWith(ending) && word.length > ending.length + 1 ? [word.slice(0, -ending.length) + instead] : [],
  );
  // running, wrapped
  const doubled = found.flatMap((form) => (/([^aeiou])\1$/.test(form) ? [form.slice(0, -1)] : []));
  return [word, ...found, ...doubled];
}
