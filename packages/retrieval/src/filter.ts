import type { Value } from './metadata.ts';

/** Which rows to search, as plain JSON. */
export type Filter = And | Or | Not | Condition;

/** Every one holds; an empty list holds always. */
export interface And {
  readonly and: readonly Filter[];
}

/** At least one holds; an empty list never does. */
export interface Or {
  readonly or: readonly Filter[];
}

export interface Not {
  readonly not: Filter;
}

/** All comparisons given hold for the field. None does where the field is absent, so `not` finds those rows. */
export interface Condition {
  readonly field: string;
  readonly eq?: Value;
  readonly in?: readonly Value[];
  /** The comparisons by size are for numbers. */
  readonly gt?: number;
  readonly gte?: number;
  readonly lt?: number;
  readonly lte?: number;
}
