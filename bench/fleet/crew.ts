import type { ProcessSample } from '../../machine/process/process-sample.ts';
import type { StartedProxy } from '../../network/proxy/proxy-main.ts';
import type { ExchangeEvent } from '../../protocol/exchange.ts';
import type { ServerCounters, ServerLedger } from '../../servers/main/main.ts';
import type { Member } from './fleet.ts';

/** The processes of a trial. */
export type Members = {
  /** At least one. Several expose the same stream. */
  readonly servers: readonly Member<'server'>[];
  /** Assigns the versions if there are several servers; a single server assigns its own. */
  readonly backplane: Member<'backplane'> | undefined;
  /** Only if the server is the origin. */
  readonly source: Member<'source'> | undefined;
  /** The process that starts and watches the proxy in front of the servers. */
  readonly proxy: Member<'proxy'> | undefined;
  /** Relays packets without knowing connections. */
  readonly packetRelay: Member<'relay'> | undefined;
  /** Relay connections and count their bytes. */
  readonly relays: readonly Member<'relay'>[];
  readonly loads: readonly Member<'load'>[];
};

/** A server killed on purpose, with its last readings. */
export type Fallen = {
  readonly member: Member<'server'>;
  readonly sample: ProcessSample;
  readonly counters: ServerCounters;
  readonly ledger: ServerLedger;
  readonly exchange: readonly ExchangeEvent[];
};

/** The processes of one trial, started and ready, before any client has connected. */
export type Crew = Members & {
  /** The proxy as it was started; undefined without one. */
  readonly startedProxy: StartedProxy | undefined;
  /** Servers that were killed on purpose. */
  readonly fallen: readonly Fallen[];
};

type AnyMember = NonNullable<Members[Exclude<keyof Members, 'servers' | 'relays' | 'loads'>]> | Many;
type Many = Members['servers' | 'relays' | 'loads'][number];

export function membersOf(crew: Crew): readonly AnyMember[] {
  const { servers, loads, source, backplane, proxy } = crew;
  return [...servers, ...loads, ...relaysOf(crew), ...[source, backplane, proxy].filter((each) => each !== undefined)];
}

/** The relays of both kinds. */
export function relaysOf({ relays, packetRelay }: Crew): readonly Member<'relay'>[] {
  return packetRelay ? [...relays, packetRelay] : relays;
}

/** Resource use of each process so far, by process name; of a killed one, until it was killed. */
export async function sampleCrew(crew: Crew): Promise<ReadonlyMap<string, ProcessSample>> {
  const samples = await Promise.all(
    membersOf(crew).map(async (member) => [member.name, await sampleOf(member)] as const),
  );
  return new Map([...samples, ...crew.fallen.map(({ member, sample }) => [member.name, sample] as const)]);
}

/** Every role answers `sample`, which the compiler cannot see for a union of roles. */
function sampleOf(member: AnyMember): Promise<ProcessSample> {
  return (member as Member<'server'>).ask('sample');
}
