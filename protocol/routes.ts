/**
 * The paths of the contract and their queries.
 *
 * short polling  GET  /updates?channel=C&client=K&after=V
 * long polling   GET  /updates?channel=C&client=K&after=V&wait=MS
 * SSE            GET  /events?channel=C&client=K&after=V
 * WebSocket      GET  /socket?channel=C&client=K&after=V   with Upgrade
 * publishing     POST /updates?client=K
 */
export const updatesPath = '/updates';
export const eventsPath = '/events';
export const socketPath = '/socket';

/** The query of a subscription. */
export type Subscription = {
  readonly channel: number;
  /** The asking client, so that the server can count per client and drop repeated publishes. */
  readonly client?: number;
  /** The newest version that the client has; without it the newest state comes first. */
  readonly after?: number;
  /** Milliseconds for which a long poll may be held; without it the answer comes at once. */
  readonly waitMs?: number;
};

/** A query that the contract does not allow; answered with 400 and this message. */
export class BadQuery extends Error {
  override readonly name = 'BadQuery';
}

/** The path and query of a subscription, its fields in the order above. */
export function subscriptionUrl(path: string, { channel, client, after, waitMs }: Subscription): string {
  const url = `${path}?channel=${channel}`;
  return withPosition(client === undefined ? url : `${url}&client=${client}`, after, waitMs);
}

/** A subscription without `after` and `waitMs`, and now with them. Clients that poll ask for little else. */
export function withPosition(url: string, after: number | undefined, waitMs: number | undefined): string {
  const known = after === undefined ? url : `${url}&after=${after}`;
  return waitMs === undefined ? known : `${known}&wait=${waitMs}`;
}

export function publishUrl(client: number): string {
  return `${updatesPath}?client=${client}`;
}

export function pathOf(url: string): string {
  const at = url.indexOf('?');
  return at < 0 ? url : url.slice(0, at);
}

export function queryOf(url: string): URLSearchParams {
  const at = url.indexOf('?');
  return new URLSearchParams(at < 0 ? '' : url.slice(at + 1));
}

/**
 * A whole number from the query; undefined when the field is missing. Throws `BadQuery` naming the field and the value.
 */
export function integerField(query: URLSearchParams, field: string): number | undefined {
  const text = query.get(field);
  if (text === null) return undefined;
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) {
    throw new BadQuery(`${field}: ${JSON.stringify(text.slice(0, 40))} is not a whole number from 0 up`);
  }
  return value;
}

const highestClient = 2 ** 31 - 1;

/** Number of the asking client; undefined when not given. Throws `BadQuery`. */
export function clientField(query: URLSearchParams): number | undefined {
  const client = integerField(query, 'client');
  if (client !== undefined && client > highestClient) throw new BadQuery(`client: ${client} is above ${highestClient}`);
  return client;
}

/** Parses a subscription. `channels`: how many the server has. Throws `BadQuery`. */
export function parseSubscription(url: string, channels: number): Subscription {
  const query = queryOf(url);
  const channel = integerField(query, 'channel');
  if (channel === undefined) throw new BadQuery('channel: missing');
  if (channel >= channels) throw new BadQuery(`channel: ${channel} is unknown, 0 to ${channels - 1} exist`);
  const client = clientField(query);
  const after = integerField(query, 'after');
  const waitMs = integerField(query, 'wait');
  return {
    channel,
    ...(client !== undefined && { client }),
    ...(after !== undefined && { after }),
    ...(waitMs !== undefined && { waitMs }),
  };
}
