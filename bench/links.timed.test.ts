import assert from 'node:assert/strict';
import { after, describe, type TestContext, test } from 'node:test';
import { type LinkName, linkNames, links } from '../network/links.ts';
import type { LinkConditions } from '../network/path.ts';
import { bundlePrograms } from './bundle.ts';
import { best, type Transfer, timedTransfers } from './timed-transfers.ts';

/** Each named link, held against what its figures mean for TCP. */
const bundle = await bundlePrograms();
after(() => bundle.remove());

const sizes = [64 * 1024, 1024 * 1024] as const;
/** Fewer over a long way, where each takes seconds. */
const attemptsOver = ({ rttMs }: LinkConditions) => (rttMs > 300 ? 5 : 10);
/** Largest segment with timestamps, and how many of them a new connection sends at once (RFC 6928). */
const segmentBytes = 1448;
const initialSegments = 10;
const frameBytes = 1514;
/** The relay is a process that is woken up: each way of a packet may be late by as much. */
const lateMs = 1.5;

/**
 * The least that an answer of `bytes` takes from the start of the connect: a round trip to connect, one to be asked for,
 * and then either rounds of slow start, each twice the one before, or the time that its frames take on the link.
 */
function leastMs(bytes: number, { bandwidthBitsPerSecond }: LinkConditions, rttMs: number): number {
  const segments = Math.ceil(bytes / segmentBytes);
  const rounds = Math.ceil(Math.log2(segments / initialSegments + 1));
  const onLinkMs = bandwidthBitsPerSecond === null ? 0 : ((segments * frameBytes * 8) / bandwidthBitsPerSecond) * 1000;
  return 2 * rttMs + Math.max((rounds - 1) * rttMs, onLinkMs - burstMs);
}

/** A token bucket lets one tick's worth of frames pass at once. */
const burstMs = 10;

// They wait for most of their time, and each has a network of its own.
describe('connects and carries 64 KB and 1 MB as its figures say', { concurrency: linkNames.length }, () => {
  for (const name of linkNames) test(name, (t) => holdAgainstFigures(t, name));
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

/** Five standard deviations of a binomial: the relay draws them from a seed, and which packets there are varies. */
function assertLosses(dropped: number, passed: number, lossShare: number): void {
  const expected = (dropped + passed) * lossShare;
  assert.equal(dropped > 0, lossShare > 0);
  assert.ok(Math.abs(dropped - expected) <= 5 * Math.sqrt(expected), `${dropped} of ${passed} lost, not ${expected}`);
}

/** An answer has begun before it ends, and a connection is there before it is answered. */
function assertWithin(bySize: readonly (readonly Transfer[])[]): void {
  for (const { connectMs, firstByteMs, lastByteMs } of bySize.flat()) {
    assert.ok(connectMs < firstByteMs && firstByteMs <= lastByteMs);
  }
}
