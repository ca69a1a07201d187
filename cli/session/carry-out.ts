import { join } from 'node:path';
import type { Host } from '../../bench/fleet/host.ts';
import { localHost } from '../../bench/local/local-host.ts';
import { runLocally } from '../../bench/local/local-site.ts';
import { choosePinning, type Pinning } from '../../bench/local/pinning.ts';
import { estimateMs } from '../../bench/plan/estimate.ts';
import {
  eachTrial,
  linkOf,
  type Plan,
  type PlannedScenario,
  type PlannedTrial,
  planTrials,
  routesOf,
  trialsOfCrew,
} from '../../bench/plan/plan.ts';
import { remainingCrews } from '../../bench/plan/remaining.ts';
import type { Progress } from '../../bench/trial/progress.ts';
import { isDirect, type Route, routeName } from '../../network/route/route.ts';
import packageJson from '../../package.json' with { type: 'json' };
import type { AskedRecord } from '../../results/schema/asked-schema.ts';
import {
  type PlannedScenario as PlannedRecord,
  type RouteRecord,
  type Run,
  type RunRecord,
  schemaVersion,
} from '../../results/schema/schema.ts';
import { ResultsError, UnwritableFile } from '../../results/store/errors.ts';
import { isReadableRun } from '../../results/store/read-run.ts';
import { createStore, reopenStore, type Store } from '../../results/store/store.ts';
import { scenarioAt, scenarioKey } from '../../scenarios/point.ts';
import { attempt } from '../../text/attempt.ts';
import { roundedDuration } from '../../text/duration.ts';
import { plainText } from '../../text/plain-text.ts';
import { reasonOf } from '../../text/reason.ts';
import { makeDirectory } from '../files/directories.ts';
import { keepConfiguration } from '../files/proxy-files.ts';
import type { RunOptions } from '../options/run-options.ts';
import { colorsFor, progressTerminal } from '../screen/colors.ts';
import { type Interrupt, listenForInterrupt } from '../screen/interrupt.ts';
import { conditionsText } from '../screen/link-text.ts';
import { createProgressView, type ProgressView, silentProgress } from '../screen/progress.ts';

/** A run whose plan and options have been checked. */
export type Session = {
  readonly plan: Plan;
  /** One line that says why `auto` took loopback; missing otherwise. */
  readonly note?: string;
  /** One line about another run that goes on meanwhile. */
  readonly beside: string | undefined;
  readonly name: string;
  readonly startedAt: Date;
  readonly directory: string;
  /** The words of the command line as typed, from `pvw` on. */
  readonly command: readonly string[];
  readonly asked: AskedRecord;
  /** The run in the directory with which this one goes on; absent: it is a new one. */
  readonly stopped?: Run;
  /** Absent: the trials of the plan are carried out, one after the other. */
  readonly conduct?: Conduct;
};

export type Status = 'completed' | 'interrupted';

/** Carries out trials that the plan does not list, because each is decided by those before it. */
export type Conduct = {
  /** What is going to happen and how long it may take, as one line. */
  readonly announced: string;
  readonly carryOut: (
    plan: Plan,
    going: Omit<Going, 'afterBlock' | 'interrupt'> & { readonly signal: AbortSignal },
  ) => Promise<Status>;
};

/**
 * Runs all trials of a session, with progress, into its directory. What has finished is kept, whatever happens. After
 * each block comes `afterBlock`, before anything is measured again. Throws `ResultsError` if the directory cannot be written.
 */
export async function carryOut(
  session: Session,
  { quiet, force }: Pick<RunOptions, 'quiet' | 'force'>,
  afterBlock: (view: ProgressView) => Promise<void> = async () => {},
): Promise<Status> {
  const { directory, note, beside } = session;
  const trials = trialsLeft(session);
  const pinning = choosePinning();
  const store = storeFor(session, localHost(pinning));
  const finish = (status: Status) => store.finish(status, new Date().toISOString());
  const view = quiet ? silentProgress : createProgressView(trials, progressTerminal(), colorsFor(process.stderr));
  view.note(announcement(session, trials));
  if (note !== undefined) view.note(note);
  if (beside !== undefined) view.note(beside);
  // No mere progress for those who asked for it.
  if (beside !== undefined && quiet && force) process.stderr.write(`${beside}\n`);
  const interrupt = listenForInterrupt(
    () => view.note('stopping; what has finished is kept'),
    () => finish('interrupted'),
  );
  try {
    const status = await measure(session, { store, view, interrupt, pinning, afterBlock });
    finish(status);
    return status;
  } catch (error) {
    if (!(error instanceof UnwritableFile)) throw error;
    throw new ResultsError(`${error.message}${keptText(directory)}`);
  } finally {
    // Does nothing after a good end; after an error the run must not look as if it were still going on.
    attempt(() => finish('interrupted'));
    interrupt.dispose();
  }
}

/** Those of the plan without a record. */
function trialsLeft({ plan, stopped, conduct }: Session): readonly PlannedTrial[] {
  if (conduct) return [];
  return remainingCrews(planTrials(plan), stopped?.trials ?? []).flatMap(trialsOfCrew);
}

function storeFor(session: Session, host: Host): Store {
  const { directory, startedAt, stopped } = session;
  if (!stopped) {
    makeDirectory(directory);
    return createStore(directory, recordOf(session, host));
  }
  const { record } = stopped;
  return reopenStore(directory, {
    ...record,
    resumedAt: [...(record.resumedAt ?? []), startedAt.toISOString()],
  });
}

/** Nothing is kept where the directory itself is gone. */
function keptText(directory: string): string {
  return isReadableRun(directory) ? `; what had finished is kept: pvw report ${directory}` : '';
}

type Going = {
  readonly store: Store;
  readonly view: ProgressView;
  readonly interrupt: Interrupt;
  readonly pinning: Pinning;
  readonly afterBlock: (view: ProgressView) => Promise<void>;
};

async function measure({ plan, stopped, conduct }: Session, going: Going): Promise<Status> {
  const { store, view, interrupt, pinning, afterBlock } = going;
  const { signal } = interrupt;
  const onProgress = async (progress: Progress): Promise<void> => {
    view.show(progress);
    if (progress.kind === 'trial-ended') noteFailure(view, () => keepConfiguration(store.directory, progress.record));
    // Awaited before the next trial starts, so its CPU does not get into a measurement.
    if (progress.kind === 'block-ended' && !signal.aborted) await afterBlock(view);
  };
  try {
    if (conduct) return await conduct.carryOut(plan, { store, view, pinning, signal });
    return await runLocally({ plan, done: stopped?.trials ?? [], store, onProgress, signal }, pinning);
  } catch (error) {
    // Processes ended by the signal may still report errors.
    if (signal.aborted) return 'interrupted';
    throw error;
  } finally {
    view.close();
  }
}

/** Without its copy beside the records, the configuration is still in the record of the trial. */
function noteFailure(view: ProgressView, keep: () => void): void {
  try {
    keep();
  } catch (error) {
    view.note(`nginx/: ${plainText(reasonOf(error))}; the run goes on`);
  }
}

function announcement({ plan, directory, stopped, conduct }: Session, trials: readonly PlannedTrial[]): string {
  const left = stopped ? ` left, of ${eachTrial(plan).length}` : '';
  const path = plan.via ? `through ${plan.via.url}` : linkText(plan);
  const where = plan.network === 'isolated' ? ' in an isolated network' : '';
  const paths = pathsText(routesOf(plan));
  const what = conduct
    ? conduct.announced
    : `${trials.length} ${trials.length === 1 ? 'trial' : 'trials'}${left} of ${namesText(plan)}`;
  const time = conduct ? '' : `: about ${roundedDuration(estimateMs(trials))}`;
  return [`${what}, ${path}${where}${paths}, seed ${plan.seed}${time}`, `Results go to ${join(directory, '/')}`].join(
    '\n',
  );
}

/** Of a sweep, which has many points, only how many. */
function namesText({ scenarios, shuffled }: Plan): string {
  if (!shuffled) return scenarios.map((planned) => scenarioKey(scenarioAt(planned))).join(', ');
  const names = [...new Set(scenarios.map(({ scenario }) => scenario.name))];
  return `${names.join(', ')} at ${scenarios.length} points`;
}

function plannedRecord(planned: PlannedScenario): PlannedRecord {
  // The record's arrays are mutable to the compiler, the plan's are not.
  const scenario = structuredClone(planned.scenario) as PlannedRecord['scenario'];
  return { ...planned, scenario, point: scenarioAt(planned).point };
}

function routeRecord(route: Route): RouteRecord {
  return { name: routeName(route), ...route };
}

function linkText(plan: Plan): string {
  const links = [...new Set(plan.scenarios.map((planned) => conditionsText(linkOf(plan, planned))))];
  return `${plan.link ? `link ${plan.link}: ` : ''}${links.join(' and ')}`;
}

function pathsText(routes: readonly Route[]): string {
  if (routes.every(isDirect)) return '';
  return `, ${routes.length === 1 ? 'path' : 'paths'} ${routes.map(routeName).join(', ')}`;
}

function recordOf({ plan, name, command, asked, startedAt }: Session, host: Host): RunRecord {
  return {
    schemaVersion,
    name,
    version: packageJson.version,
    status: 'running',
    profile: plan.profile,
    command: [...command],
    asked,
    seed: plan.seed,
    startedAt: startedAt.toISOString(),
    endedAt: null,
    plan: planRecord(plan),
    environment: host.environment(),
  };
}

/** A plan as a run's record keeps it. */
export function planRecord(plan: Plan): RunRecord['plan'] {
  const routes = routesOf(plan);
  return {
    transports: [...plan.transports],
    network: plan.network ?? 'loopback',
    link: linkOf(plan),
    scenarios: plan.scenarios.map(plannedRecord),
    trials: plan.capacity ? 0 : eachTrial(plan).length,
    ...(plan.shuffled && { shuffled: true }),
    ...(!routes.every(isDirect) && { routes: routes.map(routeRecord) }),
    ...(plan.aa && { aa: true }),
    ...(plan.storm && { storm: plan.storm }),
    ...(plan.capacity && { capacity: plan.capacity }),
  };
}
