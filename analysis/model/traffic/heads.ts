import { median } from 'simple-statistics';
import { digitsOf } from '../../../protocol/decimal.ts';
import type { Heads } from '../../../results/schema/calibration-schema.ts';
import type { SpecimenRecord } from '../../../results/schema/schema.ts';
import { type Measured, windowBytes } from '../../figures/figure.ts';
import { acknowledgementBytes, chunkBytes, comment, eventFramingOf, meanDigits } from './message-bytes.ts';

/**
 * The HTTP heads of a path, from what its trials kept: those of polls from the first exchange of a client, byte for byte;
 * those of publishing from the bytes of SSE, where nothing else goes up. All are those of
 * JSON. `undefined` if there is no specimen of a short poll.
 */
export function headsOf(seen: readonly Measured[]): Heads | undefined {
  const polls = seen.find(
    ({ trial, scenario }) => trial.transport === 'short-polling' && scenario.encoding === 'json' && trial.specimen,
  )?.trial.specimen;
  const heads = polls ? pollHeads(polls) : undefined;
  return heads && { ...heads, ...publishHeads(seen) };
}

type Piece = SpecimenRecord[number]['pieces'][number];

/** The first poll has no `after`, and its answer the newest state; the second has nothing new. */
function pollHeads(specimen: SpecimenRecord): Pick<Heads, 'poll' | 'emptyAnswer' | 'fullAnswer'> | undefined {
  const pieces = specimen.flatMap((passage) => passage.pieces).filter(({ layer }) => layer === 'headers');
  const poll = pieces.find((piece) => /^GET .*&after=/.test(textOf(piece)));
  const empty = pieces.find((piece) => textOf(piece).startsWith('HTTP/1.1 204'));
  const full = pieces.find((piece) => textOf(piece).startsWith('HTTP/1.1 200'));
  if (!poll || !empty || !full) return undefined;
  return {
    poll: withoutDigits(poll, /[?&](?:channel|client|after)=(\d+)/g),
    emptyAnswer: empty.length,
    fullAnswer: withoutDigits(full, /content-length: (\d+)/gi),
  };
}

/** The piece may be longer than what was kept of it; the numbers are near its start. */
function withoutDigits(piece: Piece, numbers: RegExp): number {
  const digits = [...textOf(piece).matchAll(numbers)].map(([, number]) => number!.length);
  return piece.length - digits.reduce((sum, each) => sum + each, 0);
}

function textOf({ base64 }: Piece): string {
  return atob(base64);
}

/** 0 where nothing was published. */
function publishHeads(seen: readonly Measured[]): Pick<Heads, 'publish' | 'publishAnswer'> {
  const published = seen.flatMap(({ trial, scenario }) => {
    const count = trial.updates.publishedInputs + (scenario.origin === 'client' ? trial.updates.published : 0);
    const isText = scenario.encoding === 'json';
    return trial.transport === 'sse' && isText && count > 0 ? [{ measured: { trial, scenario }, count }] : [];
  });
  if (published.length === 0) return { publish: 0, publishAnswer: 0 };
  return {
    publish: median(published.map(({ measured, count }) => publishHead(measured, count))),
    publishAnswer: median(published.map(({ measured, count }) => publishAnswerHead(measured, count))),
  };
}

function publishHead({ trial, scenario }: Measured, count: number): number {
  const { framing, updates } = windowBytes(trial).up;
  return framing / count - meanDigits(scenario.clients) - digitsOf(Math.round(updates / count));
}

/** What goes down over SSE besides events and comments. */
function publishAnswerHead({ trial, scenario }: Measured, count: number): number {
  const { received } = trial.ledger;
  const { updates, framing } = windowBytes(trial).down;
  // Under SSE a client has had every version before the window, so their number is near the version.
  const version = Math.round(trial.window.warmupOperations / scenario.clients) + 1;
  const events = received === 0 ? 0 : received * eventFramingOf(updates / received, version);
  const answers = framing - events - trial.counts.heartbeats * chunkBytes(comment.length);
  const body = acknowledgementBytes(version);
  return answers / count - body - digitsOf(body);
}
