import type { LinkConditions } from './path.ts';

/** Source of a figure. `choice`: no published figure fits, so we chose one; `LinkOrigin.taken` says why. */
export type LinkSource =
  | { readonly kind: 'published'; readonly title: string; readonly publisher: string; readonly year: number | null }
  | { readonly kind: 'choice' };

/** The figure taken for one property of a link, with unit, and its source. */
export type LinkOrigin = { readonly of: LinkProperty; readonly taken: string; readonly from: LinkSource };

export const linkProperties = ['rtt', 'jitter', 'bandwidth', 'loss'] as const;

export type LinkProperty = (typeof linkProperties)[number];

/** A kind of connection that people know, and the conditions that represent it. */
export type Link = {
  readonly name: LinkName;
  readonly title: string;
  readonly conditions: LinkConditions;
  /** One per property. */
  readonly origins: readonly LinkOrigin[];
};

export const linkNames = ['lan', 'home', 'mobile-4g', 'intercontinental', 'satellite'] as const;

export type LinkName = (typeof linkNames)[number];

const choice: LinkSource = { kind: 'choice' };

/** `year`: null for an undated document. */
function published(title: string, publisher: string, year: number | null): LinkSource {
  return { kind: 'published', title, publisher, year };
}

const ofcomHome = published('UK home broadband performance, measurement period March 2023', 'Ofcom', 2023);
const ofcomMobile = published('Mobile Matters', 'Ofcom', 2023);
const rfc2488 = published('RFC 2488, Enhancing TCP Over Satellite Channels, section 2', 'IETF', 1999);

/** The named links with their sources. Access links have a bandwidth per direction. */
export const links: Readonly<Record<LinkName, Link>> = {
  lan: {
    name: 'lan',
    title: 'one building, wired',
    conditions: { rttMs: 1, jitterMs: 0, bandwidthBitsPerSecond: null, lossShare: 0 },
    origins: [
      { of: 'rtt', taken: '1 ms, some switches and two hosts: half of it would be as true', from: choice },
      { of: 'jitter', taken: 'none: microseconds, which are below what is measured here', from: choice },
      {
        of: 'bandwidth',
        taken: 'not limited: 1 Gbit/s and more is beyond what any scenario asks for',
        from: published('802.3ab, 1000BASE-T', 'IEEE', 1999),
      },
      { of: 'loss', taken: 'none: a cable that loses packets is replaced', from: choice },
    ],
  },
  home: {
    name: 'home',
    title: 'fixed broadband at home',
    conditions: {
      rttMs: 35,
      jitterMs: 5,
      bandwidthBitsPerSecond: 69.4e6,
      upBandwidthBitsPerSecond: 18.4e6,
      lossShare: 0.001,
    },
    origins: [
      {
        of: 'rtt',
        taken: '34.9 ms, mean of all terrestrial technologies at peak times (fibre 24, cable 32, DSL 49)',
        from: published('Measuring Broadband America, fixed broadband report', 'FCC', 2014),
      },
      { of: 'jitter', taken: '5 ms: Wi-Fi and a queue of others; wired, far less', from: choice },
      { of: 'bandwidth', taken: '69.4 Mbit/s down, 18.4 Mbit/s up: medians', from: ofcomHome },
      {
        of: 'loss',
        taken: '0.1%, our choice within the best of its classes, below 0.4%',
        from: published('Measuring Broadband America, ninth report, chart 8', 'FCC', 2020),
      },
    ],
  },
  'mobile-4g': {
    name: 'mobile-4g',
    title: 'a phone on LTE',
    conditions: {
      rttMs: 53,
      jitterMs: 16,
      bandwidthBitsPerSecond: 29.5e6,
      upBandwidthBitsPerSecond: 7.6e6,
      lossShare: 0.001,
    },
    origins: [
      {
        of: 'rtt',
        taken: '53.1 ms, mean over four operators; crowd-sourced figures to servers at the edge are lower',
        from: published('Measuring mobile broadband performance in the UK: 4G and 3G', 'Ofcom', 2015),
      },
      {
        of: 'jitter',
        taken: '16 ms: two repetitions on the radio link (HARQ), 8 ms each',
        from: published(
          'TCP Performance Degradation of In-Sequence Delivery in LTE Link Layer',
          'Park, Lee, Kim',
          2011,
        ),
      },
      { of: 'bandwidth', taken: '29.5 Mbit/s down, 7.6 Mbit/s up: means over 4G', from: ofcomMobile },
      {
        of: 'loss',
        taken: '0.1%, what repetitions on the radio link are designed to leave over',
        from: published(
          'TCP Performance Degradation of In-Sequence Delivery in LTE Link Layer',
          'Park, Lee, Kim',
          2011,
        ),
      },
    ],
  },
  intercontinental: {
    name: 'intercontinental',
    title: 'across the Pacific, between data centres',
    conditions: { rttMs: 160, jitterMs: 4, bandwidthBitsPerSecond: null, lossShare: 0.001 },
    origins: [
      {
        of: 'rtt',
        taken: '160 ms, guaranteed mean between Los Angeles and Tokyo (New York to London: 90 ms)',
        from: published('Service level agreement, network latency guarantees', 'Verizon', null),
      },
      { of: 'jitter', taken: '4 ms: many routers, none of them at home', from: choice },
      { of: 'bandwidth', taken: 'not limited: a backbone is not the bottleneck of these scenarios', from: choice },
      {
        of: 'loss',
        taken: '0.1%: the guarantee bears 0.5% (99.5% delivered), and what is sold is better than its guarantee',
        from: choice,
      },
    ],
  },
  satellite: {
    name: 'satellite',
    title: 'a geostationary satellite',
    conditions: {
      rttMs: 600,
      jitterMs: 30,
      bandwidthBitsPerSecond: 19.3e6,
      upBandwidthBitsPerSecond: 2.54e6,
      lossShare: 0.001,
    },
    origins: [
      { of: 'rtt', taken: '558 ms of propagation at the edge of the view, and the way on the ground', from: rfc2488 },
      { of: 'jitter', taken: '30 ms: the terminal waits for its slot to send', from: choice },
      {
        of: 'bandwidth',
        taken: '19.30 Mbit/s down, 2.54 Mbit/s up: HughesNet in the USA, medians of the third quarter',
        from: published('Speedtest, satellite Internet', 'Ookla', 2021),
      },
      { of: 'loss', taken: '0.1%: one bit in ten million, 12,000 bits a packet', from: rfc2488 },
    ],
  },
};

/** `title (publisher, year)`, or `our choice`. */
export function sourceText(source: LinkSource): string {
  return source.kind === 'choice' ? 'our choice' : `${source.title} (${source.publisher}, ${source.year ?? 'undated'})`;
}
