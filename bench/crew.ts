import { join } from 'node:path';
import type { IsolatedNetwork } from '../network/isolated.ts';
import { tunnelSides } from '../network/link-plan.ts';
import type { Epoch } from '../protocol/clock.ts';
import { defaultLimits } from '../protocol/limits.ts';
import type { ProcessSample } from '../protocol/process-sample.ts';
import { seedFrom } from '../scenarios/random.ts';
import { channelCount } from '../scenarios/scenario.ts';
import { loadShards, relayShards } from './capacity.ts';
import type { Fleet, Member } from './fleet.ts';
import type { PlannedTrial } from './plan.ts';

/** The processes of one trial, started and ready, with nobody connected. */
export type Crew = {
  readonly server: Member<'server'>;
  readonly loads: readonly Member<'load'>[];
  /** Relays of connections, which count their bytes. */
  readonly relays: readonly Member<'relay'>[];
  /** A relay of packets, which knows nothing of connections. */
  readonly packetRelay: Member<'relay'> | undefined;
  /** Absent: loopback. */
  readonly network: IsolatedNetwork | undefined;
  /** Only where the server is the origin. */
  readonly source: Member<'source'> | undefined;
};

export type AnyMember = Member<'server'> | Member<'load'> | Member<'relay'> | Member<'source'>;

export type CrewSettings = {
  readonly epoch: Epoch;
  /** For local sockets. */
  readonly directory: string;
  /** Descriptors that one process may open. */
  readonly openFiles: number;
  readonly network: IsolatedNetwork | undefined;
};

const loopback = '127.0.0.1';

/** Starts server, relays, load and source; whatever can start side by side does. */
export async function startCrew(fleet: Fleet, trial: PlannedTrial, settings: CrewSettings): Promise<Crew> {
  const { scenario } = trial.planned;
  const { epoch, openFiles, network } = settings;
  const delay = network?.path.delay ?? (trial.rttMs > 0 ? 'tcp-relay' : 'none');
  const host = network?.serverHost ?? loopback;
  const backplanePath = join(settings.directory, `backplane-${trial.block}-${trial.position}.sock`);
  const hasSource = scenario.origin === 'server';
  const names = (name: string, count: number) => Array.from({ length: count }, (_, i) => `${name}-${i + 1}`);
  const relayCount = delay === 'tcp-relay' ? relayShards(scenario, trial.transport, openFiles) : 0;
  const loadCount = loadShards(scenario, trial.transport, openFiles);

  const [server, source, packetRelay, relays, loads] = await Promise.all([
    fleet.start('server', 'server'),
    hasSource ? fleet.start('source', 'source') : undefined,
    delay === 'vxlan-relay' ? fleet.start('relay', 'relay-1') : undefined,
    Promise.all(names('relay', relayCount).map((name) => fleet.start('relay', name))),
    Promise.all(names('load', loadCount).map((name) => fleet.start('load', name))),
  ]);
  const { port } = await server.ask('start', {
    epoch,
    channels: channelCount(scenario),
    encoding: scenario.encoding,
    semantics: scenario.semantics,
    echo: scenario.echo,
    heartbeatMs: scenario.heartbeatMs,
    limits: defaultLimits,
    compression: trial.route.compression,
    host,
    ...(hasSource && { backplanePath }),
  });
  await source?.ask('start', { epoch, backplanePaths: [backplanePath] });
  await packetRelay?.ask('startDatagrams', {
    epoch,
    link: trial.link,
    ...tunnelSides,
    seed: seedFrom(trial.seed, 'packets'),
  });
  const relayed = await Promise.all(
    relays.map((relay) => relay.ask('start', { epoch, rttMs: trial.rttMs, host: loopback, target: { host, port } })),
  );
  const ports = relayed.length > 0 ? relayed.map((relay) => relay.port) : [port];
  await Promise.all(
    loads.map((load, i) =>
      load.ask('start', {
        transport: trial.transport,
        scenario,
        from: Math.floor((scenario.clients * i) / loadCount),
        to: Math.floor((scenario.clients * (i + 1)) / loadCount),
        host: relayed.length > 0 ? loopback : host,
        ports,
        route: trial.route,
        epoch,
        seed: trial.seed,
      }),
    ),
  );
  return { server, source, packetRelay, relays, loads, network };
}

export function membersOf(crew: Crew): readonly AnyMember[] {
  const { server, source, loads } = crew;
  return [server, ...loads, ...relaysOf(crew), ...(source ? [source] : [])];
}

/** Everything that delays, whatever it delays. */
export function relaysOf({ relays, packetRelay }: Crew): readonly Member<'relay'>[] {
  return packetRelay ? [...relays, packetRelay] : relays;
}

/** What each process has used so far, by name. */
export async function sampleCrew(crew: Crew): Promise<ReadonlyMap<string, ProcessSample>> {
  const samples = await Promise.all(
    membersOf(crew).map(async (member) => [member.name, await sampleOf(member)] as const),
  );
  return new Map(samples);
}

/** Every role answers this question, each with its own type. */
function sampleOf(member: AnyMember): Promise<ProcessSample> {
  return (member as Member<'server'>).ask('sample');
}
