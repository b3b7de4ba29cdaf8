declare module '*.md?example' {
  export const expected: readonly string[];
}

declare module '*.md?example=2' {
  export const expected: readonly string[];
}

declare module '*.md?example=3' {
  export const expected: readonly string[];
}
