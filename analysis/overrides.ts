import { isDeepStrictEqual } from 'node:util';
import type { PlannedScenario, RunRecord } from '../results/schema.ts';
import { findScenario } from '../scenarios/catalogue.ts';

type Scenario = PlannedScenario['scenario'];

/** The options of `pvw run` that change a scenario or its times, by what they change. */
const optionsOf = {
  clients: ['--clients'],
  channels: ['--channels'],
  arrivals: ['--rate', '--trace'],
  payload: ['--payload-bytes'],
  pollIntervalMs: ['--poll-interval'],
  pollCohortsMs: ['--poll-interval'],
  holdMs: ['--hold'],
  heartbeatMs: ['--heartbeat'],
  rttMs: ['--rtt'],
  times: ['--duration', '--warmup', '--repeats'],
} as const;

export type Overridable = keyof typeof optionsOf;

/** What was given on the command line instead of what the scenario says. */
export type Override = {
  readonly what: Overridable;
  /** The options that did it; empty where the scenario of this version is another than that of the run. */
  readonly options: readonly string[];
  /** What the scenario that comes with pvw says; `undefined` for a scenario of the user's own, and for times. */
  readonly usual: Scenario | undefined;
};

/** In which parameters a planned scenario is not what its name says. */
export function overridesOf(
  { scenario }: PlannedScenario,
  { command }: Pick<RunRecord, 'command'>,
): readonly Override[] {
  // The catalogue's arrays are read-only to the compiler, the record's are not.
  const usual = structuredClone(findScenario(scenario.name)) as Scenario | undefined;
  return (Object.keys(optionsOf) as Overridable[]).flatMap((what): readonly Override[] => {
    const options = optionsOf[what].filter((option) => isGiven(command, option));
    if (what === 'rttMs' || what === 'times') return options.length > 0 ? [{ what, options, usual: undefined }] : [];
    const differs = usual !== undefined && !isDeepStrictEqual(scenario[what], usual[what]);
    // An option that says what the scenario says anyway changes nothing.
    const changes = usual === undefined ? options.length > 0 : differs;
    return changes ? [{ what, options, usual }] : [];
  });
}

function isGiven(command: readonly string[], option: string): boolean {
  return command.some((word) => word === option || word.startsWith(`${option}=`));
}
