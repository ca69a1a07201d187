/** What a client may miss: nothing (`every`), or updates that a newer one replaced (`latest`). */
export type Semantics = 'every' | 'latest';

/** Encoding of updates: JSON text, or a compact binary form for any payload. */
export type Encoding = 'json' | 'binary';
