/** What `--network` takes; `auto` is isolated where that is possible. */
export const networkNames = ['auto', 'loopback', 'isolated'] as const;

export type NetworkName = (typeof networkNames)[number];

export const defaultNetwork: NetworkName = 'auto';
