import { bundlePrograms } from '../../bench/local/bundle.ts';
import { comparedRoutes, directRoute, type Route, routeName } from '../../network/route/route.ts';
import { transports } from '../../protocol/transport.ts';
import { type CapturedTrial, capturedTrial, compareWithCapture } from '../trials/captured-trial.ts';
import type { Evidence, Finding } from './evidence.ts';

/** Direct, TLS, HTTP/2, NGINX, a browser's headers, compressed. */
const routes: readonly Route[] = [
  directRoute,
  ...['tls', 'h2', 'nginx', 'browser-headers', 'compressed'].map(
    (name) => comparedRoutes.find((route) => routeName(route) === name)!,
  ),
];

/** Every transport over every kind of path, with tcpdump beside it. */
export const capturesEvidence: Evidence = {
  summary: "tcpdump at the clients' host: set-up and window, in bytes and packets, over six paths",
  measure: async (say) => {
    const bundle = await bundlePrograms();
    const findings: Finding[] = [];
    try {
      for (const route of routes) {
        for (const transport of transports) {
          const captured = await capturedTrial(bundle, { transport, route, rttMs: 10 });
          const finding = findingOf(`${transport} over ${routeName(route)}`, captured);
          say(`${finding.holds ? 'equal' : 'NOT EQUAL'}: ${finding.claim}, ${finding.found}`);
          findings.push(finding);
        }
      }
    } finally {
      await bundle.remove();
    }
    return findings;
  },
};

function findingOf(name: string, captured: CapturedTrial): Finding {
  const compared = compareWithCapture(captured);
  return {
    claim: `${name}: the capture equals the record`,
    found: compared
      .map(
        ({ what, recorded, captured: seen }) =>
          `${what} ${recorded.packets} = ${seen.packets} packets, ${recorded.bytes} = ${seen.bytes} B`,
      )
      .join('; '),
    holds: compared.every(
      ({ recorded, captured: seen }) =>
        recorded.packets > 0 && recorded.packets === seen.packets && recorded.bytes === seen.bytes,
    ),
  };
}
