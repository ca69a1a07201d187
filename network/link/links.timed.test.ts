import assert from 'node:assert/strict';
import { after, describe, type TestContext, test } from 'node:test';
import { bundlePrograms } from '../../bench/local/bundle.ts';
import { type HandshakeKind, timedHandshakes } from '../../testing/trials/timed-handshakes.ts';
import { best, type Transfer, timedTransfers } from '../../testing/trials/timed-transfers.ts';
import { makeCertificate } from '../route/certificate.ts';
import { type LinkName, linkNames, links } from './links.ts';
import { type LinkConditions, plainLink } from './path.ts';

/** Holds each named link, and links that only delay, against what their figures mean for TCP and TLS. */
const bundle = await bundlePrograms();
after(() => bundle.remove());

const sizes = [64 * 1024, 1024 * 1024] as const;
/** Fewer over long links, where each attempt takes seconds. */
const attemptsOver = ({ rttMs }: LinkConditions) => (rttMs > 300 ? 4 : 10);
/** The largest segment with timestamps, and how many segments a new connection sends at once (RFC 6928). */
const segmentBytes = 1448;
const initialSegments = 10;
const frameBytes = 1514;
/** The relay is a process that has to be woken: each packet may be this late in each direction. */
const lateMs = 1.5;

/**
 * The minimum time for an answer of `bytes`, from the start of the connect: one round trip to connect, one for the
 * request, then either rounds of slow start, each twice the previous one, or the time of its frames on the link.
 */
function leastMs(bytes: number, { bandwidthBitsPerSecond }: LinkConditions, rttMs: number): number {
  const segments = Math.ceil(bytes / segmentBytes);
  const rounds = Math.ceil(Math.log2(segments / initialSegments + 1));
  const onLinkMs = bandwidthBitsPerSecond === null ? 0 : ((segments * frameBytes * 8) / bandwidthBitsPerSecond) * 1000;
  return 2 * rttMs + Math.max((rounds - 1) * rttMs, onLinkMs - burstMs);
}

/** A token bucket lets one tick's worth of frames pass at once. */
const burstMs = 10;

// Concurrent: the tests mostly wait, and each has its own network.
describe('transfers take as long as the figures say', { concurrency: linkNames.length + 3 }, () => {
  for (const name of linkNames) test(`64 KB and 1 MB over ${name}`, (t) => holdAgainstFigures(t, name));
  test(
    'takes a round trip to connect, a second to answer, and more where slow start splits the answer',
    takesRoundTrips,
  );
  test('takes next to nothing without a delay', takesNothing);
  test('TLS 1.3 adds one round trip before the first answer; resumption saves bytes but no round trip', encrypts);
});

async function holdAgainstFigures(t: TestContext, name: LinkName): Promise<void> {
  const { conditions } = links[name];
  const { rttMs, jitterMs, lossShare } = conditions;
  const { bySize, datagrams } = await timedTransfers(bundle, {
    link: conditions,
    sizes,
    attempts: attemptsOver(conditions),
  });
  const all = bySize.flat();
  const connects = all.map(({ connectMs }) => connectMs);
  const medianMs = connects.toSorted((a, b) => a - b)[Math.floor(connects.length / 2)]!;
  const [smallMs, bigMs] = bySize.map((tried) => best(tried, 'lastByteMs')) as [number, number];
  const spreadMs = Math.max(...connects) - Math.min(...connects);
  t.diagnostic(
    `connect ${Math.min(...connects).toFixed(1)} to ${Math.max(...connects).toFixed(1)}, median ${medianMs.toFixed(1)} ms; ` +
      `64 KB ${smallMs.toFixed(0)} ms (least ${leastMs(sizes[0], conditions, rttMs).toFixed(0)}), ` +
      `1 MB ${bigMs.toFixed(0)} ms (least ${leastMs(sizes[1], conditions, rttMs).toFixed(0)}); ` +
      `${datagrams?.dropped ?? 'unknown'} packets lost`,
  );
  const soonestMs = Math.min(...connects);
  assert.ok(soonestMs >= rttMs - jitterMs, `a connect took ${soonestMs} ms`);
  assert.ok(soonestMs <= rttMs + 2 * lateMs, `the soonest connect took ${soonestMs} ms`);
  assert.ok(medianMs >= rttMs - jitterMs / 2, `jitter shortens as often as it lengthens, the median is ${medianMs} ms`);
  if (jitterMs > 0) assert.ok(spreadMs > jitterMs / 2, `connects differ by ${spreadMs} ms only`);
  for (const [size, tookMs] of [smallMs, bigMs].entries()) {
    const shortest = leastMs(sizes[size]!, conditions, rttMs - jitterMs);
    assert.ok(tookMs >= shortest, `${sizes[size]} bytes took ${tookMs} ms, at least ${shortest} are needed`);
  }
  const usualMs = leastMs(sizes[0], conditions, rttMs + jitterMs);
  assert.ok(smallMs <= usualMs * 1.1 + 10 * lateMs, `64 KB took ${smallMs} ms, ${usualMs} are enough`);
  if (datagrams) assertLosses(datagrams.dropped, datagrams.up + datagrams.down, lossShare);
  assertWithin(bySize);
}

/** Within five standard deviations of a binomial: the draws come from a seed, but the number of packets varies. */
function assertLosses(dropped: number, passed: number, lossShare: number): void {
  const expected = (dropped + passed) * lossShare;
  assert.equal(dropped > 0, lossShare > 0);
  assert.ok(Math.abs(dropped - expected) <= 5 * Math.sqrt(expected), `${dropped} of ${passed} lost, not ${expected}`);
}

/** An answer begins before it ends, and after its connection is established. */
function assertWithin(bySize: readonly (readonly Transfer[])[]): void {
  for (const { connectMs, firstByteMs, lastByteMs } of bySize.flat()) {
    assert.ok(connectMs < firstByteMs && firstByteMs <= lastByteMs);
  }
}

/** On a busy machine the best attempt shows what the path itself takes; no attempt can be too early. */
const delayAttempts = 10;

async function takesRoundTrips(t: TestContext): Promise<void> {
  const asked = { link: plainLink(40), sizes: [1, sizes[0]], attempts: delayAttempts };
  const [small, big] = (await timedTransfers(bundle, asked)).bySize as [readonly Transfer[], readonly Transfer[]];
  const [connectMs, firstByteMs] = [best(small, 'connectMs'), best(small, 'firstByteMs')];
  const bigMs = best(big, 'lastByteMs');
  t.diagnostic(
    `connect ${connectMs.toFixed(1)} ms, first byte ${firstByteMs.toFixed(1)} ms, 64 KB ${bigMs.toFixed(1)} ms`,
  );
  assert.ok(connectMs >= 40 && connectMs < 60, `connect took ${connectMs} ms`);
  assert.ok(firstByteMs >= 80 && firstByteMs < 100, `first byte took ${firstByteMs} ms`);
  assert.ok(bigMs >= 100, `64 KB took ${bigMs} ms`);
}

async function takesNothing(): Promise<void> {
  const { bySize } = await timedTransfers(bundle, { link: plainLink(0), sizes: [1], attempts: delayAttempts });
  assert.ok(best(bySize[0]!, 'firstByteMs') < 20);
}

const handshakeRttMs = 80;
const handshakeAttempts = 15;

async function encrypts(t: TestContext): Promise<void> {
  const certificate = await makeCertificate();
  const asked = { link: plainLink(handshakeRttMs), attempts: handshakeAttempts, certificate };
  const tried = await timedHandshakes(bundle, asked);
  const of = (kind: HandshakeKind) => tried.filter((attempt) => attempt.kind === kind);
  const bestMs = (kind: HandshakeKind) => Math.min(...of(kind).map(({ firstByteMs }) => firstByteMs));
  const [plainMs, fullMs, resumedMs] = [bestMs('plain'), bestMs('full'), bestMs('resumed')];
  t.diagnostic(`plain ${plainMs.toFixed(1)} ms, TLS ${fullMs.toFixed(1)} ms, resumed ${resumedMs.toFixed(1)} ms`);
  // What both ends compute is far less than half a round trip, on a slow machine too; it makes a time longer only.
  const isRoundTrips = (ms: number, count: number) =>
    ms >= count * handshakeRttMs - 1 && ms < (count + 0.5) * handshakeRttMs;
  assert.ok(isRoundTrips(plainMs, 2), `plain text took ${plainMs} ms`);
  assert.ok(isRoundTrips(fullMs - plainMs, 1), `TLS took ${fullMs} ms`);
  // Only early data would save a round trip (RFC 8446, 2.3), and no client here sends it.
  assert.ok(isRoundTrips(resumedMs - plainMs, 1), `resumed TLS took ${resumedMs} ms`);
  assert.ok(of('full').every(({ reused }) => !reused) && of('resumed').every(({ reused }) => reused));
  const bytes = (kind: HandshakeKind, way: 'down' | 'up') => Math.max(...of(kind).map((attempt) => attempt[way]));
  const told = (['plain', 'full', 'resumed'] as const).map(
    (kind) => `${kind} ${bytes(kind, 'down')}/${bytes(kind, 'up')}`,
  );
  t.diagnostic(`bytes down/up until the first answer: ${told.join(', ')}`);
  const certificateBytes = Buffer.from(certificate.cert.replace(/-----.*-----|\s/g, ''), 'base64').length;
  assert.ok(bytes('full', 'down') - bytes('resumed', 'down') > certificateBytes, 'resumption saves the certificate');
  // A resumed handshake carries the ticket in its first message.
  assert.ok(bytes('resumed', 'up') > bytes('full', 'up'));
}
