import type { Random } from '../random.ts';

/** Starts a series of payloads of `bytes` bytes; each call of what it returns makes the next one. */
export type PayloadMaker = (bytes: number, random: Random) => () => Buffer;
