/** What a pickle describes, as data. Lists and tuples are arrays, dictionaries are maps; parts may be shared. */
export type Pickled =
  | null
  | boolean
  | number
  | bigint
  | string
  | Pickled[]
  | Map<Pickled, Pickled>
  | PickledGlobal
  | PickledObject
  | PickledReference;

/** A class or function by its name, `module.name`. */
export interface PickledGlobal {
  readonly kind: 'global';
  readonly name: string;
}

/** What a class or function would make of its arguments. */
export interface PickledObject {
  readonly kind: 'object';
  /** `module.name` of the class or function. */
  readonly of: string;
  readonly args: readonly Pickled[];
  /** Set on it as on a dictionary. */
  readonly items: Map<Pickled, Pickled>;
  state?: Pickled;
}

/** Something kept outside the pickle: torch's storages. */
export interface PickledReference {
  readonly kind: 'reference';
  readonly id: Pickled;
}

type Kinds = PickledGlobal | PickledObject | PickledReference;

export function isKind<K extends Kinds['kind']>(
  value: Pickled | undefined,
  kind: K,
): value is Extract<Kinds, { readonly kind: K }> {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind;
}
