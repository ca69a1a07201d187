import { choosePinning } from '../../bench/local/pinning.ts';
import { linkOf, type Plan } from '../../bench/plan/plan.ts';
import { openIsolatedNetwork } from '../../network/isolated/isolated.ts';
import { NetworkRefused } from '../../network/isolated/refusal.ts';
import { formatDuration } from '../../text/duration.ts';
import { notAllowed, UsageError } from '../../text/usage-error.ts';
import { defaultNetwork } from '../options/link-options.ts';
import type { RunRequest } from '../options/run-request.ts';

/** A plan with its network, and one line that says why `auto` took loopback. */
export type Decided = { readonly plan: Plan; readonly note?: string };

/**
 * Tries the isolated network unless the plan has `via` or the request wants loopback. Throws `UsageError` if the
 * network cannot provide what an option asks for.
 */
export async function decideNetwork(plan: Plan, request: RunRequest): Promise<Decided> {
  if (plan.via) return { plan: { ...plan, network: 'loopback' } };
  const wanted = request.network ?? defaultNetwork;
  checkJitter(plan);
  const refusal = wanted === 'loopback' ? 'it was not asked for' : await isolatedRefusal(plan);
  if (refusal === undefined) return { plan: { ...plan, network: 'isolated' } };
  if (wanted === 'isolated') {
    throw new UsageError(`--network: isolated cannot be had (${refusal}); loopback works, without the packet layer`);
  }
  refuseImpairments(plan, request, refusal);
  const decided: Plan = { ...plan, network: 'loopback' };
  if (wanted === 'loopback') return { plan: decided };
  return { plan: decided, note: `No isolated network (${refusal}): loopback, where packets are not counted` };
}

/** Why there is no isolated network for this plan on this machine, in one line; undefined if there is one. */
export async function isolatedRefusal(plan: Plan): Promise<string | undefined> {
  if (process.platform !== 'linux') return `needs Linux, this is ${process.platform}`;
  try {
    const network = await openIsolatedNetwork({ link: linkOf(plan), cores: choosePinning().cores });
    await network.close();
    return undefined;
  } catch (error) {
    if (error instanceof NetworkRefused) return error.message;
    throw error;
  }
}

function checkJitter(plan: Plan): void {
  for (const { jitterMs, rttMs } of plan.scenarios.map((planned) => linkOf(plan, planned))) {
    if (jitterMs <= rttMs) continue;
    throw notAllowed('--jitter', `${jitterMs}ms`, `at most the round-trip time, ${rttMs}ms`, 'is too long');
  }
}

/** Refuses link properties that need real packets on a network without them. */
function refuseImpairments(plan: Plan, { link, jitter, bandwidth, loss }: RunRequest, refusal: string): void {
  const given = Object.entries({ '--jitter': jitter, '--bandwidth': bandwidth, '--loss': loss });
  const [option] = given.find(([, value]) => value !== undefined && value !== 0) ?? [];
  if (option !== undefined) {
    throw new UsageError(`${option}: needs the isolated network (${refusal}); leave it out on loopback`);
  }
  const { jitterMs, bandwidthBitsPerSecond, lossShare } = linkOf(plan);
  if (jitterMs === 0 && bandwidthBitsPerSecond === null && lossShare === 0) return;
  const rest = `--rtt ${formatDuration(plan.rttMs)} gives its round-trip time alone`;
  throw new UsageError(`--link: ${link} needs the isolated network (${refusal}); ${rest}`);
}
