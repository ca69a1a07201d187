export type Level = 'ok' | 'warn' | 'fail';

/** One line of `pvw doctor`. `advice` says what to do; it is missing if the level is `ok`. */
export type Finding = { readonly level: Level; readonly what: string; readonly advice?: string };
