import { bringsNews, isUp, type Message } from '../../analysis/events/messages.ts';
import { acceptedIn, type Sequence } from '../../analysis/events/sequence.ts';
import { type Spread, spreadDots } from './spread-dots.ts';

/** Horizontal places of client, server and other clients, and vertical limits, in units of the view box. */
export const columns = { client: 84, server: 206, others: 266 } as const;
export const bandWidth = 9;
/** Messages begin and end beside the bands and the dots, so that these do not cover the heads of arrows. */
const edges = { client: columns.client + 5, server: columns.server - 5, beyond: columns.server + 5 } as const;
export const limits = { top: 26, bottom: 462 } as const;
export const dotRadius = 4;
/** How far apart the centres of dots are where they would touch, in both directions. */
export const dotGap = 2 * dotRadius + 1;
const mostLanes = 4;
/** Where one end of a message is not recorded: this share of the way is drawn from the other. */
const stubShare = 0.3;
const shortestBand = 1.5;

/** What a line means. `other`: the way of another client's publish to the server. */
export type ArrowKind = 'ask' | 'nothing' | 'news' | 'publish' | 'input' | 'acknowledgement' | 'other';

type Point = { readonly x: number; readonly y: number };

/**
 * A message on its way. `ends`: it arrives in the picture, goes on below it, or its arrival is not recorded. Time runs
 * down, so `to` is never above `from`.
 */
export type Arrow = {
  readonly kind: ArrowKind;
  readonly from: Point;
  readonly to: Point;
  readonly ends: 'arrives' | 'goes-on' | 'unseen';
};

/** Updates at the instant when the server accepted them. `x`: the centre; more than one are drawn as one bar. */
export type Dot = Omit<Spread, 'lane'> & { readonly x: number };

type Band = { readonly y: number; readonly height: number };

/** A sequence in units of the view box. */
export type Marks = {
  readonly arrows: readonly Arrow[];
  readonly dots: readonly Dot[];
  /** Time in which the client did not know an update. */
  readonly stale: readonly Band[];
  /** Time in which the server held a request. */
  readonly held: readonly Band[];
};

type Heights = (ms: number) => number;

/** Where a time lies, in units of the view box; beyond the limits if outside of the sequence. */
export function heightsOf({ fromMs, toMs }: Pick<Sequence, 'fromMs' | 'toMs'>): Heights {
  return (ms) => limits.top + ((ms - fromMs) / (toMs - fromMs)) * (limits.bottom - limits.top);
}

export function marksOf(sequence: Sequence): Marks {
  const at = heightsOf(sequence);
  const band = (fromMs: number, toMs: number): Band => {
    const y = clamped(at(fromMs));
    return { y, height: clamped(at(toMs)) - y };
  };
  const shown = [...acceptedIn(sequence)].sort((a, b) => a.acceptedMs - b.acceptedMs);
  const dots = spreadDots(
    shown.map(({ acceptedMs }) => at(acceptedMs)),
    dotGap,
    mostLanes,
  );
  return {
    arrows: [...otherWays(sequence, at), ...sequence.messages.map((message) => messageArrow(message, at))].flatMap(
      (arrow) => cut(arrow) ?? [],
    ),
    dots: dots.map(({ lane, ...dot }) => ({ ...dot, x: columns.server + lane * dotGap })),
    stale: joined(
      sequence.updates
        .filter(({ intendedMs, knownMs }) => knownMs > intendedMs)
        .map(({ intendedMs, knownMs }) => band(intendedMs, knownMs)),
    ).map(({ y, height }) => ({ y, height: Math.max(shortestBand, height) })),
    held: sequence.holds.map(({ fromMs, toMs }) => band(fromMs, toMs)),
  };
}

/** One band where several overlap. */
function joined(bands: readonly Band[]): readonly Band[] {
  const whole: Band[] = [];
  for (const band of [...bands].sort((a, b) => a.y - b.y)) {
    const last = whole.at(-1);
    if (!last || band.y > last.y + last.height) whole.push(band);
    else whole[whole.length - 1] = { y: last.y, height: Math.max(last.height, band.y + band.height - last.y) };
  }
  return whole;
}

/** Updates by other clients come to the server from where those are, from the instant when they were due. */
function otherWays({ updates }: Sequence, at: Heights): readonly Arrow[] {
  return updates
    .filter(({ by }) => by === 'other')
    .map(({ intendedMs, acceptedMs }) => ({
      kind: 'other',
      from: { x: columns.others, y: at(intendedMs) },
      to: { x: edges.beyond, y: at(acceptedMs) },
      ends: 'arrives',
    }));
}

function messageArrow(message: Message, at: Heights): Arrow {
  const { sentMs, receivedMs } = message;
  const [start, end] = isUp(message) ? [edges.client, edges.server] : [edges.server, edges.client];
  const part = (end - start) * stubShare;
  const kind = arrowKindOf(message);
  if (receivedMs === null) {
    const y = at(sentMs!);
    return { kind, from: { x: start, y }, to: { x: start + part, y }, ends: 'unseen' };
  }
  const to = { x: end, y: at(receivedMs) };
  const from = sentMs === null ? { x: end - part, y: to.y } : { x: start, y: at(sentMs) };
  return { kind, from, to, ends: 'arrives' };
}

export function arrowKindOf(message: Message): ArrowKind {
  if (bringsNews(message)) return 'news';
  switch (message.kind) {
    case 'poll':
      return 'ask';
    case 'publish':
    case 'input':
    case 'acknowledgement':
      return message.kind;
    case 'answer':
    case 'push':
      return 'nothing';
  }
}

/** The part of an arrow between the limits; undefined if it has none. */
function cut(arrow: Arrow): Arrow | undefined {
  const { from, to } = arrow;
  if (to.y < limits.top || from.y > limits.bottom) return undefined;
  const on = (y: number): Point => ({ x: from.x + ((y - from.y) / (to.y - from.y)) * (to.x - from.x), y });
  return {
    ...arrow,
    from: from.y < limits.top ? on(limits.top) : from,
    to: to.y > limits.bottom ? on(limits.bottom) : to,
    ends: to.y > limits.bottom ? 'goes-on' : arrow.ends,
  };
}

function clamped(y: number): number {
  return Math.max(limits.top, Math.min(limits.bottom, y));
}
