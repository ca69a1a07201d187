import type { Clock } from '../../machine/process/clock.ts';
import type { Crew } from '../fleet/crew.ts';
import type { StormKind } from '../plan/plan.ts';
import type { Storm } from '../record/storm-record.ts';

/** Cuts the connections. Returns the instant, and the crew without a killed server. */
export async function letLoose(kind: StormKind, crew: Crew, clock: Clock): Promise<{ storm: Storm; crew: Crew }> {
  if (kind === 'proxy-reloaded') {
    const storm = { kind, atUs: clock.nowUs() };
    await crew.proxy!.ask('reload');
    return { storm, crew };
  }
  const member = crew.servers.at(-1)!;
  const [sample, counters, ledger, exchange] = await Promise.all([
    member.ask('sample'),
    member.ask('counters'),
    member.ask('ledger'),
    member.ask('exchange'),
  ]);
  const storm = { kind, atUs: clock.nowUs() };
  member.kill();
  const fallen = [...crew.fallen, { member, sample, counters, ledger, exchange }];
  return { storm, crew: { ...crew, servers: crew.servers.slice(0, -1), fallen } };
}
