import type { RunAnalysis, ScenarioAnalysis } from '../../analysis/comparison/run-analysis.ts';
import { type Storm, type StormRow, stormsOf } from '../../analysis/events/storms.ts';
import { formatNumber, formatValue } from '../../analysis/figures/format.ts';
import { listed } from '../../analysis/verdict/headline.ts';
import { nameWithin } from '../../analysis/verdict/verdict.ts';

/** Words for a kind of storm: the event, which clients it could cut, and why some transports kept their connections. */
type Words = { readonly event: string; readonly cause: string; readonly spared: string };

export const stormWords: Readonly<Record<Storm['kind'], Words>> = {
  'node-killed': {
    event: 'a server was killed',
    cause: 'one of the servers was killed, so only clients that it had could be cut; they come back through the others',
    spared: 'their connections end at the proxy, which asked another server instead',
  },
  'proxy-reloaded': {
    event: 'the proxy was reloaded',
    cause: 'the proxy was reloaded: its old workers had one second to finish, then let go whoever they still had',
    spared: 'the old workers answered what had been asked, and what came next went to new ones',
  },
};

/** The outcome of a storm. The first sentence says whether updates were lost. */
export function stormTexts(storm: Storm): readonly string[] {
  return [
    lossText(storm),
    ...failed(storm),
    ...spared(storm),
    ...returns(storm),
    ...handshakes(storm),
    ...absent(storm),
  ];
}

/** The storms of one scenario, for reports without charts. Names the path if there are several. */
export function stormSentences({ planned, paths }: ScenarioAnalysis, analysis: RunAnalysis): readonly string[] {
  return stormsOf(analysis)
    .filter(({ scenario }) => scenario.planned === planned)
    .map((storm) => {
      const where = paths.length > 1 ? ` on ${storm.route}` : '';
      return `Reconnect storm${where} (${stormWords[storm.kind].event}): ${stormTexts(storm).join(' ')}`;
    });
}

function lossText({ rows, failures }: Storm): string {
  if (rows.length === 0) return 'No trial has completed, so nothing is known of who came back.';
  const losing = rows.filter(({ lost }) => lost > 0);
  const total = (of: (row: StormRow) => number) => rows.reduce((sum, row) => sum + of(row), 0);
  const received = formatNumber(total((row) => row.received));
  const missed = total(({ missedUpdates }) => missedUpdates);
  if (losing.length > 0) {
    const names = losing.map(({ transport, lost }) => `${nameWithin(transport)} ${formatNumber(lost)}`);
    return `Updates were lost, which must not be: ${listed(names, 'and')}.`;
  }
  const where = failures.length > 0 ? ' in the trials that completed' : '';
  return missed > 0
    ? `Nothing was lost${where}: of ${received} deliveries, ${formatNumber(missed)} were missed at first and came by resuming.`
    : `Nothing was lost${where} of ${received} deliveries, and nothing happened just while clients were away.`;
}

/** Failed trials have no figures, and the storm may be why they failed. */
function failed({ failures }: Storm): readonly string[] {
  if (failures.length === 0) return [];
  const names = failures.map((each) => `${nameWithin(each.transport)} ${each.failed} of ${each.planned}`);
  return [`Trials that failed, and so are in none of this: ${listed(names, 'and')}.`];
}

/** A proxy can keep the client's connection and switch to another server, so the client is never cut. */
function spared({ rows, kind }: Storm): readonly string[] {
  const names = rows.filter(({ clientsCut }) => clientsCut === 0).map(({ transport }) => nameWithin(transport));
  if (names.length === 0) return [];
  return [`No client of ${listed(names, 'and')} was cut: ${stormWords[kind].spared}.`];
}

function returns({ rows }: Storm): readonly string[] {
  const told = rows.flatMap(({ transport, clientsCut, clients, neverBack, p50Ms, lastMs }) => {
    if (p50Ms === undefined || lastMs === undefined) return [];
    const cut = `${formatNumber(clientsCut)} of ${formatNumber(clients)} clients cut`;
    const last = neverBack > 0 ? 'the last that came' : 'all';
    return [
      `${nameWithin(transport)} (${cut}) half after ${formatValue(p50Ms, 'ms')} and ${last} after ${formatValue(lastMs, 'ms')}`,
    ];
  });
  return told.length === 0 ? [] : [`Back were ${told.join('; ')}.`];
}

/** Only a storm makes clients reconnect, so only here does TLS resumption matter. */
function handshakes({ rows }: Storm): readonly string[] {
  const tls = rows[0]?.trials[0]?.path.route?.tls;
  if (!tls || rows.every(({ clientsCut }) => clientsCut === 0)) return [];
  return [
    tls.resumption
      ? 'Clients that came back asked to resume their TLS session; the bytes to connect are those of the first time, of a whole handshake.'
      : 'Clients that came back began with a whole TLS handshake again, since sessions were not resumed (--tls-resumption off).',
  ];
}

function absent({ rows }: Storm): readonly string[] {
  const names = rows
    .filter(({ neverBack }) => neverBack > 0)
    .map(
      ({ transport, neverBack, clientsCut }) =>
        `${nameWithin(transport)} ${formatNumber(neverBack)} of ${formatNumber(clientsCut)}`,
    );
  return names.length === 0 ? [] : [`Cut and not back when the trial ended: ${listed(names, 'and')}.`];
}
