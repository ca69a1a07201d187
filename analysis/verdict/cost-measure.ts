/** What freshness costs, per client and minute: bytes at the sockets, or milliseconds of server CPU. */
export const costMeasures = ['bytes', 'cpu'] as const;
export type CostMeasure = (typeof costMeasures)[number];
