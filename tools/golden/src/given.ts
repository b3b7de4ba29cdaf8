/** What a caller without types gives: the one place where a test says that a value is of any type. */
export const given = (value: unknown) => value as never;
