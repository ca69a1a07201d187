/** Something whose cost is measured. Its name is part of the names of recorded figures. */
export type Member =
  | 'net'
  | 'lean'
  | 'ws'
  | 'undici'
  | 'library'
  | 'autocannon'
  | 'wrk'
  | 'h2load'
  | 'ours'
  | 'bareWs'
  | 'bareHttp';

export const memberTitles: Readonly<Record<Member, string>> = {
  net: 'bare net',
  lean: 'lean clients',
  ws: 'bare ws client',
  undici: 'undici dispatch',
  library: 'library clients',
  autocannon: 'autocannon',
  wrk: 'wrk',
  h2load: 'h2load',
  ours: 'our server',
  bareWs: 'bare ws server',
  bareHttp: 'bare node:http',
};

/** One member beside another; with `most` a claim. */
export type Comparison = { readonly of: Member; readonly against: Member; readonly most?: number };

/** Members that do the same job. */
export type CostGroup = {
  /** Begins the names of its figures. */
  readonly name: string;
  readonly title: string;
  readonly members: readonly Member[];
  readonly comparisons: readonly Comparison[];
};

/** The name under which the cost of a member is recorded, in microseconds of CPU time. */
export function costName({ name }: Pick<CostGroup, 'name'>, member: Member): string {
  return `${name}${capitalised(member)}Us`;
}

export function comparisonName({ name }: Pick<CostGroup, 'name'>, { of, against }: Comparison): string {
  return `${name}${capitalised(of)}Over${capitalised(against)}`;
}

function capitalised(member: Member): string {
  return `${member[0]!.toUpperCase()}${member.slice(1)}`;
}

/** What is measured of clients, and then of servers, in the order of the chart. */
export const costGroups = {
  webSocket: {
    name: 'webSocket',
    title: 'WebSocket delivery',
    members: ['net', 'lean', 'ws', 'library'],
    comparisons: [
      { of: 'lean', against: 'net', most: 1.15 },
      { of: 'lean', against: 'ws', most: 0.85 },
      { of: 'library', against: 'net' },
      { of: 'library', against: 'ws' },
    ],
  },
  sse: {
    name: 'sse',
    title: 'SSE delivery',
    members: ['net', 'lean', 'library'],
    comparisons: [
      { of: 'lean', against: 'net', most: 1.2 },
      { of: 'library', against: 'net' },
    ],
  },
  poll: {
    name: 'poll',
    title: 'poll, open loop',
    members: ['net', 'lean', 'undici', 'library'],
    comparisons: [
      { of: 'lean', against: 'net', most: 1.15 },
      { of: 'lean', against: 'undici', most: 0.75 },
      { of: 'library', against: 'net' },
      { of: 'library', against: 'undici' },
    ],
  },
  closedLoop: {
    name: 'closedLoop',
    title: 'poll, closed loop of 10',
    members: ['net', 'lean', 'undici', 'library', 'autocannon', 'wrk', 'h2load'],
    comparisons: [
      { of: 'lean', against: 'net', most: 1.15 },
      { of: 'lean', against: 'autocannon', most: 1 },
      { of: 'lean', against: 'undici' },
      { of: 'library', against: 'undici' },
      { of: 'lean', against: 'wrk' },
      { of: 'lean', against: 'h2load' },
    ],
  },
  socketServer: {
    name: 'socketServer',
    title: 'server, WebSocket message',
    members: ['bareWs', 'ours'],
    comparisons: [{ of: 'ours', against: 'bareWs', most: 1.1 }],
  },
  shortPollServer: {
    name: 'shortPollServer',
    title: 'server, short poll',
    members: ['bareHttp', 'ours'],
    comparisons: [{ of: 'ours', against: 'bareHttp', most: 1.15 }],
  },
  longPollServer: {
    name: 'longPollServer',
    title: 'server, long poll',
    members: ['bareHttp', 'ours'],
    comparisons: [{ of: 'ours', against: 'bareHttp', most: 1.15 }],
  },
} as const satisfies Readonly<Record<string, CostGroup>>;
