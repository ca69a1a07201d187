import { defineScenario } from '../define-scenario.ts';

/**
 * One presenter and thirty viewers: a lesson or a town hall. Five chunks of 32 KiB a second are 1.3 Mbit/s: video of
 * modest quality in pieces of 200 ms, as low-latency streams have. A missing chunk is a hole in the picture, so every
 * one counts (`every`). Chunks are already compressed and binary; SSE carries only text, so here base64. An encoder works
 * like a clock: constant. Each viewer reacts about every five seconds. Polling once a second fetches five chunks at a
 * time, as a player reads segments.
 */
export const liveStream = defineScenario({
  name: 'live-stream',
  title: 'Live stream',
  summary: 'One presenter sends video to thirty viewers in small chunks, and the viewers send a few reactions back.',
  clients: 30,
  channels: 1,
  origin: 'server',
  arrivals: { kind: 'constant', perSecond: 5 },
  payload: { kind: 'media-chunk', bytes: 32 * 1024 },
  semantics: 'every',
  encoding: 'binary',
  inputs: { arrivals: { kind: 'poisson', perSecond: 0.2 }, payload: { kind: 'reaction', bytes: 60 } },
  pollIntervalMs: 1000,
});
