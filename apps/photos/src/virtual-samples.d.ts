declare module 'virtual:samples' {
  export const samples: readonly { readonly name: string; readonly path: string }[];
  export const credit: string;
}
