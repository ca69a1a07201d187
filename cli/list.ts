import type { Command } from 'commander';
import { figureKeys, figures } from '../analysis/figures.ts';
import type { Unit } from '../analysis/format.ts';
import { estimateMs } from '../bench/estimate.ts';
import { type Plan, planTrials } from '../bench/plan.ts';
import { type Profile, plannedBy, profileNames, profiles } from '../bench/profiles.ts';
import { type Transport, transports, transportTitles } from '../protocol/transport.ts';
import { wrapText } from '../report/plain-text.ts';
import { scenarios } from '../scenarios/catalogue.ts';
import { type Arrivals, ratePerSecond, type Scenario } from '../scenarios/scenario.ts';
import { colorsFor } from './colors.ts';
import { formatDuration, roundedDuration } from './duration.ts';
import { type End, exitCodes } from './exit-codes.ts';

/** `pvw list`: what can be run, how long it takes, and what is measured. */
export function addList(program: Command, end: End): void {
  program
    .command('list')
    .summary('scenarios, transports, profiles and figures')
    .description(
      'Lists scenarios, transports, profiles with the time they take, and the figures that options can name.',
    )
    .option('--json', 'print it as JSON')
    .action(({ json }: { readonly json?: true }) => {
      process.stdout.write(json ? `${JSON.stringify(catalogue(), null, 2)}\n` : catalogueText());
      end(exitCodes.done);
    });
}

const explanations: Readonly<Record<Transport, string>> = {
  'short-polling': 'asks every poll interval; most answers may be empty',
  'long-polling': 'asks, and the server holds the request until there is something to say',
  sse: 'one answer that never ends (server-sent events); publishes go on another connection',
  websocket: 'one connection for both directions, begun as HTTP and upgraded',
};

/** The same facts as the text, for scripts. Durations in milliseconds. */
function catalogue() {
  return {
    scenarios,
    transports: transports.map((name) => ({ name, title: transportTitles[name], summary: explanations[name] })),
    profiles: profileNames.map((name) => {
      const plan = planOf(profiles[name]);
      return { ...profiles[name], trials: planTrials(plan).length, estimateMs: estimateMs(plan) };
    }),
    figures: figureKeys.map((name) => ({ name, title: figures[name].title, unit: figures[name].unit })),
  };
}

/** Width of the first column, and what a line takes where the terminal does not say. */
const nameWidth = 15;
const usualColumns = 100;

function catalogueText(): string {
  const { dim } = colorsFor(process.stdout);
  const sections = {
    'Scenarios  (pvw run NAME …)': scenarios.map((scenario) =>
      [row(scenario.name, factsOf(scenario)), row('', scenario.summary, dim)].join(''),
    ),
    'Transports  (--transport NAME,NAME)': transports.map((name) => row(name, explanations[name])),
    'Profiles  (--profile NAME)': profileNames.map((name) => {
      const time = `about ${roundedDuration(estimateMs(planOf(profiles[name])))}`;
      return row(name, `${time}: ${profiles[name].summary}`);
    }),
    "Figures  (--threshold 'websocket.latency.p99<250ms'; --json says what each is)": figureRows(),
  };
  return Object.entries(sections)
    .map(([heading, rows]) => `${heading}\n${rows.join('')}`)
    .join('\n');
}

/** As a threshold writes them. */
const unitLabels: Readonly<Record<Unit, string>> = {
  ms: 'us, ms, s',
  bytes: 'B, kB, MB, GB',
  share: '%',
  count: 'no unit',
  'ms/s': 'ms/s',
};

/** By unit, since that is what a threshold has to be written in. */
function figureRows(): readonly string[] {
  const units = [...new Set(figureKeys.map((key) => figures[key].unit))];
  return units.map((unit) => row(unitLabels[unit], figureKeys.filter((key) => figures[key].unit === unit).join(' ')));
}

/** A name and what it is, wrapped into a column of its own. */
function row(name: string, text: string, paint: (text: string) => string = String): string {
  const { bold } = colorsFor(process.stdout);
  const lines = wrapText(text, Math.max(40, (process.stdout.columns ?? usualColumns) - nameWidth - 2));
  return lines.map((line, i) => `  ${bold((i === 0 ? name : '').padEnd(nameWidth))}${paint(line)}\n`).join('');
}

function factsOf({ clients, channels, origin, semantics, arrivals, payload, encoding, pollIntervalMs }: Scenario) {
  return [
    `${clients} clients × ${channels} ${channels === 1 ? 'channel' : 'channels'}`,
    `origin ${origin}`,
    semantics,
    `${arrivals.kind} ${rateText(arrivals)} a channel`,
    `${payload.bytes} B ${payload.kind} (${encoding})`,
    `polls every ${formatDuration(pollIntervalMs)}`,
  ].join(' · ');
}

/** Per second, or per minute where it is rare. */
function rateText(arrivals: Arrivals): string {
  const perSecond = ratePerSecond(arrivals);
  return perSecond >= 0.1 ? `${Number(perSecond.toPrecision(3))}/s` : `${Number((perSecond * 60).toPrecision(3))}/min`;
}

function planOf(profile: Profile): Plan {
  return { profile: profile.name, seed: 'list', transports, rttMs: profile.rttMs, scenarios: plannedBy(profile) };
}
