declare module '*.md?example' {
  export const expected: readonly string[];
}
