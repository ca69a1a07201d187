/** What cuts the connections of many clients at once: a server is killed, or the proxy takes a new configuration. */
export const storms = ['node-killed', 'proxy-reloaded'] as const;

export type StormKind = (typeof storms)[number];
