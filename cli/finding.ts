export type Level = 'ok' | 'warn' | 'fail';

/** One line of the answer; `advice` says what to do, and is missing where all is well. */
export type Finding = { readonly level: Level; readonly what: string; readonly advice?: string };
