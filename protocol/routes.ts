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

/** The fields of a query; the first counts if one stands twice. */
export type Query = { get(field: string): string | null };

/** Without encoded characters, as all queries of our clients are, in a tenth of the time of `URLSearchParams`. */
export function queryOf(url: string): Query {
  const at = url.indexOf('?');
  const text = at < 0 ? '' : url.slice(at + 1);
  return /[%+]/.test(text) ? new URLSearchParams(text) : new PlainQuery(text);
}

/** `a=1&b=2&c`, in which every character stands for itself. */
class PlainQuery implements Query {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  get(field: string): string | null {
    const text = this.#text;
    for (let at = 0; at < text.length; ) {
      const next = text.indexOf('&', at);
      const end = next < 0 ? text.length : next;
      if (text.startsWith(field, at)) {
        const after = at + field.length;
        if (after === end) return '';
        if (text[after] === '=') return text.slice(after + 1, end);
      }
      at = end + 1;
    }
    return null;
  }
}

/**
 * A whole number from the query; undefined when the field is missing. Throws `BadQuery` naming the field and the value.
 */
export function integerField(query: Query, field: string): number | undefined {
  const text = query.get(field);
  return text === null ? undefined : wholeNumber(field, text);
}

const mostDigits = 15;
const zero = 48;
const nine = 57;

/** The number that a field of a request says. Throws `BadQuery` naming the field and the value. */
export function wholeNumber(field: string, text: string): number {
  let value = text === '' || text.length > mostDigits ? Number.NaN : 0;
  // Not by a regular expression, which takes longer: a poll has four of them.
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at);
    value = digit >= zero && digit <= nine ? value * 10 + digit - zero : Number.NaN;
  }
  if (Number.isNaN(value)) {
    throw new BadQuery(`${field}: ${JSON.stringify(text.slice(0, 40))} is not a whole number from 0 up`);
  }
  return value;
}

const highestClient = 2 ** 31 - 1;

/** Number of the asking client; undefined when not given. Throws `BadQuery`. */
export function clientField(query: Query): number | undefined {
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
  // Not by spreads: each would copy the object, with every poll.
  const subscription: { -readonly [K in keyof Subscription]: Subscription[K] } = { channel };
  if (client !== undefined) subscription.client = client;
  if (after !== undefined) subscription.after = after;
  if (waitMs !== undefined) subscription.waitMs = waitMs;
  return subscription;
}
