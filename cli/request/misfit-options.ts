import { timeFields } from '../../scenarios/fields.ts';
import type { Misfit } from '../../scenarios/file/rules.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { notAllowed, UsageError } from '../../text/usage-error.ts';
import type { RunRequest } from '../options/run-request.ts';

/**
 * The error for a broken rule, in the words of the command line. Several options can be at fault. The error names the
 * one that was given, and `--clients` if the value that does not fit comes from the scenario.
 */
export function refusalOf(misfit: Misfit, scenario: Scenario, request: RunRequest): UsageError {
  const { name, clients, channels } = scenario;
  switch (misfit.rule) {
    case 'channel-without-client':
      return request.channels === undefined
        ? notAllowed(
            '--clients',
            clients,
            `at least ${misfit.leastClients}, or --channels too`,
            `is fewer than ${name}'s channels`,
          )
        : notAllowed('--channels', channels, `at most ${misfit.mostChannels}, one per client of ${name}`);
    case 'cohort-without-client':
      return cohortRefusal(misfit, scenario, request);
    case 'cohorts-publish':
      return new UsageError(
        `${name}: polling intervals cannot be compared where clients publish; give --poll-interval, one for all`,
      );
    case 'broadcast-by-clients':
      return new UsageError(`${name}: broadcast needs the server as origin; where clients publish there is no source`);
    case 'payload-size':
      return payloadRefusal(misfit, scenario);
    case 'too-many-inputs':
      return notAllowed(
        '--clients',
        clients,
        `at most ${misfit.mostClients}, or fewer inputs in the scenario`,
        `with ${misfit.perClient} inputs per second each are too many for ${name}`,
      );
    case 'too-many-deliveries':
      return deliveriesRefusal(misfit, scenario, request);
    case 'link-too-narrow':
      return linkRefusal(misfit, scenario, request);
    case 'empty-window':
      return emptyWindowRefusal(misfit, scenario, request);
    case 'no-receiver':
      return notAllowed(
        '--clients',
        clients,
        `more than ${channels}, or a scenario with echo`,
        `leaves each client of ${name} alone in its channel, so no client receives what it publishes`,
      );
    case 'heartbeat-too-short':
      return notAllowed(
        '--heartbeat',
        `${scenario.heartbeatMs}ms`,
        `at least two round trips, ${misfit.leastMs}ms`,
        'is too short',
      );
  }
}

type Of<Rule extends Misfit['rule']> = Extract<Misfit, { rule: Rule }>;

function cohortRefusal(
  { cohorts, leastClients, mostChannels }: Of<'cohort-without-client'>,
  { name, clients, channels }: Scenario,
  request: RunRequest,
): UsageError {
  const why = `leaves some of the ${cohorts} polling intervals of ${name} without a client`;
  if (request.channels === undefined) {
    return notAllowed('--clients', clients, `at least ${leastClients}, or fewer channels`, why);
  }
  const allowed = mostChannels >= 1 ? `at most ${mostChannels}, or more clients` : 'more clients';
  return notAllowed('--channels', channels, allowed, why);
}

/** Inputs and broadcasts have no option: their size comes from the scenario. */
function payloadRefusal({ of, payload, bytes: [least, most] }: Of<'payload-size'>, { name }: Scenario): UsageError {
  const where = of === 'payload' ? '--payload-bytes' : `${name}: ${of}.payload.bytes`;
  const why = `is too ${payload.bytes < least ? 'small' : 'large'} for ${payload.kind} of ${name}`;
  return notAllowed(where, payload.bytes, `a whole number from ${least} to ${most}`, why);
}

/**
 * The window can be longer in every case but one: a trace that begins later than the longest window.
 */
function emptyWindowRefusal(
  { durationMs, leastMs }: Of<'empty-window'>,
  { name, arrivals }: Scenario,
  { trace }: RunRequest,
): UsageError {
  const [, longestMs] = timeFields.durationMs.range;
  const empty = `the window of ${name} would have no update`;
  if (arrivals.kind !== 'trace') {
    const what = arrivals.kind === 'bursts' ? 'a burst' : 'one';
    const why = `is too short: ${empty}, ${what} is expected every ${seconds(2 * leastMs)}`;
    return notAllowed('--duration', seconds(durationMs), `at least ${seconds(leastMs)}, or a higher --rate`, why);
  }
  const first = `the first is at ${seconds(leastMs)}`;
  if (leastMs < longestMs) {
    const allowed = `more than ${seconds(leastMs)}, or ${trace === undefined ? '' : 'another '}--trace`;
    return notAllowed('--duration', seconds(durationMs), allowed, `is too short: ${empty}, ${first}`);
  }
  const [option, value] = trace === undefined ? [`${name}: arrivals`, arrivals.kind] : ['--trace', trace];
  const allowed = `one that begins before ${seconds(longestMs)}, the longest --duration`;
  return notAllowed(option, value, allowed, `begins too late: ${empty}, ${first}`);
}

/** Rounded up, so that a duration of this length is long enough. */
function seconds(ms: number): string {
  return `${Math.ceil(ms) / 1000}s`;
}

function deliveriesRefusal(
  { perSecond, mostRatePerSecond }: Of<'too-many-deliveries'>,
  { name, clients }: Scenario,
  { rate, trace }: RunRequest,
): UsageError {
  const why = `is ${Math.round(perSecond)} deliveries per second with ${clients} clients of ${name}`;
  const allowed = `at most ${mostRatePerSecond} updates per second and channel, or fewer clients`;
  if (rate !== undefined) return notAllowed('--rate', rate, allowed, why);
  return trace !== undefined
    ? notAllowed('--trace', trace, allowed, why)
    : notAllowed('--clients', clients, allowed, why);
}

function linkRefusal(
  { carriedBitsPerSecond, neededBitsPerSecond, mostClients }: Of<'link-too-narrow'>,
  { name, channels }: Scenario,
  { link, bandwidth }: RunRequest,
): UsageError {
  const needed = megabits(neededBitsPerSecond);
  const why = `carries ${megabits(carriedBitsPerSecond)}, and ${name} needs ${needed} for its updates alone`;
  const fewer = mostClients >= channels ? `at most ${mostClients} clients, or` : 'fewer clients and channels, or';
  const [option, value] = bandwidth === undefined ? ['--link', link ?? ''] : ['--bandwidth', megabits(bandwidth)];
  return notAllowed(option, value, `${fewer} another scenario`, why);
}

function megabits(bitsPerSecond: number): string {
  return `${Number((bitsPerSecond / 1e6).toPrecision(3))}mbit`;
}
