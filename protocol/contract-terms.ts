/** What a client may miss: nothing (`every`), or whatever a newer update replaced (`latest`). */
export type Semantics = 'every' | 'latest';

/** How updates are encoded: as JSON text, or in the compact binary form that may carry any payload. */
export type Encoding = 'json' | 'binary';
