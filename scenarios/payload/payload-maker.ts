import type { Random } from '../random.ts';

/** Starts a series of payloads of `bytes` bytes. Each call of the returned function makes the next one. */
export type PayloadMaker = (bytes: number, random: Random) => () => Buffer;
