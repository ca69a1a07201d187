import type { Command } from 'commander';
import { figureKeys, figures } from '../analysis/figures/figures.ts';
import type { Unit } from '../analysis/figures/format.ts';
import { estimateMs } from '../bench/plan/estimate.ts';
import { eachTrial, type Plan } from '../bench/plan/plan.ts';
import { type Profile, plannedBy, profileNames, profiles } from '../bench/plan/profiles.ts';
import { type Link, linkNames, links, sourceText } from '../network/link/links.ts';
import { type Transport, transports, transportTitles } from '../protocol/transport.ts';
import { allScenarios } from '../scenarios/catalogue/catalogue.ts';
import { type Arrivals, ratePerSecond, type Scenario } from '../scenarios/scenario.ts';
import { formatDuration, roundedDuration } from '../text/duration.ts';
import { wrapText } from '../text/plain-text.ts';
import { UsageError } from '../text/usage-error.ts';
import { oneOf } from './options/options.ts';
import { colorsFor } from './screen/colors.ts';
import { type End, exitCodes } from './screen/exit-codes.ts';
import { conditionsText } from './screen/link-text.ts';
import { print } from './screen/output.ts';

/** `pvw list`: scenarios, transports, profiles with their duration, links, figures, and the schemas of the files. */
export function addList(program: Command, end: End): void {
  program
    .command('list')
    .summary('scenarios, transports, profiles, links, figures and JSON Schemas')
    .description(
      'Lists scenarios, transports, profiles with the time they take, links with the sources of their figures, and the ' +
        'figures that options can name. With schemas: prints the JSON Schemas of run.json (run), of a line of ' +
        'trials.jsonl (trial) and of a scenario file (scenario).',
    )
    .argument('[what]', `only these: ${listed.join(', ')}`, oneOf('list', listed))
    .option('--json', 'print it as JSON')
    .option('--schema', 'with scenarios: print the JSON Schema of a scenario file, for editors')
    .action(async (what: Listed | undefined, { json, schema }: ListOptions) => {
      if (schema) print(jsonText(await schemaAsked(what)));
      else if (what === 'schemas') print(jsonText(await allSchemas()));
      else print(json ? jsonText(what ? catalogue()[what] : catalogue()) : catalogueText(what));
      end(exitCodes.done);
    });
}

const sections = ['scenarios', 'transports', 'profiles', 'links', 'figures'] as const;
/** The schemas are printed only on request: they are long, and always JSON. */
const listed = [...sections, 'schemas'] as const;

type Section = (typeof sections)[number];
type Listed = (typeof listed)[number];

type ListOptions = { readonly json?: true; readonly schema?: true };

async function schemaAsked(what: Listed | undefined): Promise<object> {
  if (what !== 'scenarios') throw new UsageError('--schema: only scenarios have one; give pvw list scenarios --schema');
  return (await allSchemas()).scenario;
}

/** Imported here, since zod would slow down every other command. */
async function allSchemas() {
  const [{ jsonSchemas }, { scenarioJsonSchema }] = await Promise.all([
    import('../results/schema/json-schema.ts'),
    import('../scenarios/file/form-schema.ts'),
  ]);
  return { ...jsonSchemas(), scenario: scenarioJsonSchema() };
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
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
    scenarios: allScenarios,
    transports: transports.map((name) => ({ name, title: transportTitles[name], summary: explanations[name] })),
    profiles: profileNames.map((name) => {
      const plan = planOf(profiles[name]);
      const trials = eachTrial(plan);
      return { ...profiles[name], trials: trials.length, estimateMs: estimateMs(trials) };
    }),
    links: linkNames.map((name) => links[name]),
    figures: figureKeys.map((name) => {
      const { title, unit, note } = figures[name];
      return { name, title, unit, ...(note !== undefined && { note }) };
    }),
  };
}

/** Width of the first column, and line width if the terminal reports none, in characters. */
const nameWidth = 17;
const usualColumns = 100;

function catalogueText(what: Section | undefined): string {
  const { dim } = colorsFor(process.stdout);
  const texts: Readonly<Record<Section, SectionText>> = {
    scenarios: {
      heading: 'Scenarios  (pvw run NAME …)',
      rows: allScenarios.map((scenario) =>
        [row(scenario.name, factsOf(scenario)), row('', scenario.summary, dim)].join(''),
      ),
    },
    transports: {
      heading: 'Transports  (--transport NAME,NAME)',
      rows: transports.map((name) => row(name, explanations[name])),
    },
    profiles: {
      heading: 'Profiles  (--profile NAME)',
      rows: profileNames.map((name) => {
        const time = `about ${roundedDuration(estimateMs(eachTrial(planOf(profiles[name]))))}`;
        return row(name, `${time}: ${profiles[name].summary}`);
      }),
    },
    links: {
      heading: `Links  (--link NAME; all clients are behind the one link${what ? '' : '; pvw list links says where figures come from'})`,
      rows: linkNames.map((name) => linkRow(links[name], what !== undefined)),
    },
    figures: {
      heading: "Figures  (--threshold 'websocket.latency.p99<250ms'; --json says what each is)",
      rows: figureRows(),
    },
  };
  const chosen = what ? [texts[what]] : Object.values(texts);
  return chosen.map(({ heading, rows }) => `${heading}\n${rows.join('')}`).join('\n');
}

type SectionText = { readonly heading: string; readonly rows: readonly string[] };

/** Units as they are typed in a threshold. */
const unitLabels: Readonly<Record<Unit, string>> = {
  ms: 'us, ms, s',
  bytes: 'B, kB, MB, GB',
  share: '%',
  count: 'no unit',
  'ms/s': 'ms/s',
};

/** Figures grouped by unit, since a threshold needs the unit. */
function figureRows(): readonly string[] {
  const units = [...new Set(figureKeys.map((key) => figures[key].unit))];
  const namesOf = (unit: Unit) => figureKeys.filter((key) => figures[key].unit === unit);
  return [
    ...units.map((unit) => row(unitLabels[unit], namesOf(unit).join(' '))),
    row('bytes', 'bytes.wire where packets were counted, else bytes.total'),
  ];
}

/** A link with its conditions; `whole`: also with the source of each figure. */
function linkRow({ name, title, conditions, origins }: Link, whole: boolean): string {
  const { dim } = colorsFor(process.stdout);
  const sources = origins.map(({ of, taken, from }) => row('', `${of}: ${taken}; ${sourceText(from)}`, dim));
  return [row(name, `${title}: ${conditionsText(conditions)}`), ...(whole ? sources : [])].join('');
}

/** A name, and its text wrapped into a column of its own. */
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

/** Per second, or per minute if it is below 0.1 per second. */
function rateText(arrivals: Arrivals): string {
  const perSecond = ratePerSecond(arrivals);
  return perSecond >= 0.1 ? `${Number(perSecond.toPrecision(3))}/s` : `${Number((perSecond * 60).toPrecision(3))}/min`;
}

function planOf(profile: Profile): Plan {
  return {
    profile: profile.name,
    seed: 'list',
    transports,
    rttMs: profile.rttMs,
    scenarios: plannedBy(profile),
    ...(profile.routes && { routes: profile.routes }),
  };
}
