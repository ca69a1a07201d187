/** What a client may miss: nothing (`every`), or updates that a newer one replaced (`latest`). */
export type Semantics = 'every' | 'latest';

/** Encoding of updates: JSON text, or a compact binary form for any payload. */
export type Encoding = 'json' | 'binary';

/** Instead of a channel's number, between source, backplane and nodes: each channel that has readers. */
export const everyChannel = 0xffff_ffff;

/** In place of a publishing client's number. */
export const publishers = { source: -1, broadcast: -2 } as const;
