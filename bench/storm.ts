import type { Clock } from '../protocol/clock.ts';
import type { ExchangeEvent } from '../protocol/exchange.ts';
import type { ProcessSample } from '../protocol/process-sample.ts';
import type { ServerCounters, ServerLedger } from '../servers/main.ts';
import type { Crew } from './crew.ts';
import type { Member } from './fleet.ts';
import type { StormKind } from './storm-kinds.ts';

/** A server that was killed on purpose, with what it said last. */
export type Fallen = {
  readonly member: Member<'server'>;
  readonly sample: ProcessSample;
  readonly counters: ServerCounters;
  readonly ledger: ServerLedger;
  readonly exchange: readonly ExchangeEvent[];
};

export type Storm = { readonly kind: StormKind; readonly atUs: number };

/** Lets it happen. Returns when it did, and the crew that is left. */
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
