import { formatNumber, formatValue } from '../analysis/format.ts';
import { listed } from '../analysis/headline.ts';
import type { RunAnalysis, ScenarioAnalysis } from '../analysis/run-analysis.ts';
import { type Storm, stormsOf } from '../analysis/storms.ts';
import { nameWithin } from '../analysis/verdict.ts';

/** What a storm came to, in sentences; the first says whether anything was lost. */
export function stormTexts(storm: Storm): readonly string[] {
  return [lossText(storm), ...spared(storm), ...returns(storm), ...handshakes(storm)];
}

/** Those of one scenario, for texts without pictures; with its path where there are several. */
export function stormSentences({ planned, paths }: ScenarioAnalysis, analysis: RunAnalysis): readonly string[] {
  return stormsOf(analysis)
    .filter(({ scenario }) => scenario.planned === planned)
    .map((storm) => {
      const where = paths.length > 1 ? ` on ${storm.route}` : '';
      return `Reconnect storm${where}: ${stormTexts(storm).join(' ')}`;
    });
}

function lossText({ rows }: Storm): string {
  const losing = rows.filter(({ lost }) => lost > 0);
  const total = (of: (row: Storm['rows'][number]) => number) => rows.reduce((sum, row) => sum + of(row), 0);
  const received = formatNumber(total((row) => row.received));
  const missed = total(({ missedUpdates }) => missedUpdates);
  if (losing.length > 0) {
    const names = losing.map(({ transport, lost }) => `${nameWithin(transport)} ${formatNumber(lost)}`);
    return `Updates were lost, which must not be: ${listed(names, 'and')}.`;
  }
  return missed > 0
    ? `Nothing was lost: of ${received} deliveries, ${formatNumber(missed)} were missed at first and came by resuming.`
    : `Nothing was lost of ${received} deliveries, and nothing happened just while clients were away.`;
}

/** A proxy that keeps the client's connection may ask another server, and nobody notices. */
function spared({ rows }: Storm): readonly string[] {
  const names = rows.filter(({ clientsCut }) => clientsCut === 0).map(({ transport }) => nameWithin(transport));
  if (names.length === 0) return [];
  return [`No client of ${listed(names, 'and')} was cut: its connection ends at the proxy, which went on with it.`];
}

function returns({ rows }: Storm): readonly string[] {
  const told = rows.flatMap(({ transport, p50Ms, lastMs }) =>
    p50Ms === undefined || lastMs === undefined
      ? []
      : [`${nameWithin(transport)} half after ${formatValue(p50Ms, 'ms')} and all after ${formatValue(lastMs, 'ms')}`],
  );
  return told.length === 0 ? [] : [`Back were ${told.join('; ')}.`];
}

/** Here, and nowhere else, it shows whether sessions are resumed. */
function handshakes({ rows }: Storm): readonly string[] {
  const tls = rows[0]?.trials[0]?.path.route?.tls;
  if (!tls || rows.every(({ clientsCut }) => clientsCut === 0)) return [];
  return [
    tls.resumption
      ? 'Who came back asked to resume its TLS session; the bytes to connect are those of the first time, of a whole handshake.'
      : 'Who came back began with a whole TLS handshake again, since sessions were not resumed (--tls-resumption off).',
  ];
}
