import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Scheduler } from '../../machine/process/scheduler.ts';
import { tunnelSides } from '../../network/link/link-plan.ts';
import type { StartedProxy } from '../../network/proxy/proxy-main.ts';
import { type Certificate, makeCertificate } from '../../network/route/certificate.ts';
import { untilReached } from '../../network/route/reach.ts';
import type { Route } from '../../network/route/route.ts';
import type { Via } from '../../network/route/via.ts';
import { defaultLimits } from '../../protocol/limits.ts';
import { channelCount } from '../../scenarios/scenario.ts';
import { seedFrom } from '../../scenarios/seed.ts';
import { connectionsPerClient, loadProcesses } from '../plan/capacity.ts';
import type { PlannedTrial } from '../plan/plan.ts';
import type { Crew, Members } from './crew.ts';
import { crewSizeOf } from './crew-size.ts';
import type { Fleet } from './fleet.ts';
import type { Place } from './place.ts';

export type CrewSettings = {
  readonly fleet: Fleet;
  readonly place: Place;
  readonly scheduler: Scheduler;
  readonly signal: AbortSignal;
  /** For local sockets and the files of a proxy. */
  readonly directory: string;
  /** Descriptors that one process may open. */
  readonly openFiles: number;
  /** Called before any client connects, so that a trial that fails later can still record the proxy. */
  readonly onProxy: (proxy: StartedProxy) => void;
};

/** `certificate`: of the server or proxy that clients connect to; absent: plain text. */
type Settings = CrewSettings & { readonly certificate?: Certificate };

/** Starts servers, relays, load and source, in parallel where possible. */
export async function startCrew(trial: PlannedTrial, given: CrewSettings): Promise<Crew> {
  // On the user's own path, clients see the certificate of its proxy.
  const encrypted = trial.route.tls !== null && trial.via === undefined;
  const settings = encrypted ? { ...given, certificate: await makeCertificate() } : given;
  const members = await startMembers(trial, settings);
  const ports = await startServers(members, trial, settings);
  const startedProxy = await startProxy(members, ports, trial, settings);
  if (startedProxy) settings.onProxy(startedProxy);
  await startClients(members, startedProxy ? [startedProxy.port] : ports, trial, settings);
  return { ...members, startedProxy, fallen: [] };
}

async function startMembers(trial: PlannedTrial, { fleet, place, openFiles }: Settings): Promise<Members> {
  const { delay } = place.path;
  const { proxy: asked } = trial.route;
  const size = crewSizeOf(trial, delay, openFiles);
  const relaysPackets = delay === 'vxlan-relay';
  const names = (name: string, count: number) => Array.from({ length: count }, (_, i) => `${name}-${i + 1}`);
  const serverNames = size.server === 1 ? ['server'] : names('server', size.server);
  const loadNames = names('load', loadsOf(trial, place, openFiles));
  const [servers, backplane, source, proxy, packetRelay, relays, loads] = await Promise.all([
    Promise.all(serverNames.map((name) => fleet.start('server', name))),
    size.backplane > 0 ? fleet.start('backplane', 'backplane') : undefined,
    size.source > 0 ? fleet.start('source', 'source') : undefined,
    asked ? fleet.start('proxy', asked.kind) : undefined,
    relaysPackets ? fleet.start('relay', 'relay-1') : undefined,
    Promise.all(names('relay', relaysPackets ? 0 : size.relay).map((name) => fleet.start('relay', name))),
    Promise.all(loadNames.map((name) => fleet.start('load', name))),
  ]);
  return { servers, backplane, source, proxy, packetRelay, relays, loads };
}

function loadsOf({ planned, transport, loadProcesses: asked }: PlannedTrial, { loadCores }: Place, openFiles: number) {
  return loadProcesses({ scenario: planned.scenario, transport, openFiles }, { asked, cores: loadCores });
}

/** Starts the backplane, then the servers, and the source last. Returns the ports of the servers. */
async function startServers(members: Members, trial: PlannedTrial, settings: Settings): Promise<readonly number[]> {
  const { servers, backplane, source, proxy } = members;
  const { planned, via } = trial;
  const { scenario } = planned;
  const { scheduler, directory, place, certificate } = settings;
  const { epoch } = scheduler;
  // A process that is ended leaves its sockets behind, so those of every trial have names of their own.
  const own = randomBytes(4).toString('hex');
  const socket = (name: string) => join(directory, `${name}-${own}.sock`);
  const [sourcePath, nodesPath] = [socket('backplane'), socket('nodes')];
  const channels = channelCount(scenario);
  await backplane?.ask('start', {
    epoch,
    channels,
    readChannels: scenario.channels,
    nodesPath,
    ...(source && { sourcePath }),
  });
  const started = await Promise.all(
    servers.map((server, i) =>
      server.ask('start', {
        epoch,
        channels,
        readChannels: scenario.channels,
        encoding: scenario.encoding,
        semantics: scenario.semantics,
        echo: scenario.echo,
        heartbeatMs: scenario.heartbeatMs,
        limits: defaultLimits,
        compression: trial.route.compression,
        host: proxy ? place.hosts.behindProxy : place.hosts.server,
        // A proxy terminates TLS and asks the servers behind it in plain HTTP/1.1.
        ...(certificate && !proxy && { tls: certificate, http: trial.route.http }),
        ...(backplane ? { joins: nodesPath } : source && { backplanePath: sourcePath }),
        ...via?.listen[i],
      }),
    ),
  );
  if (via) await reached(via, servers, started, settings);
  await source?.ask('start', { epoch, backplanePath: sourcePath });
  return started.map(({ port }) => port);
}

/** Rejects unless the servers listen where the user's proxy expects them, and are reached through it. */
async function reached(
  via: Via,
  servers: Members['servers'],
  started: readonly { readonly port: number }[],
  { scheduler, signal }: Settings,
): Promise<void> {
  const missed = via.listen.find(({ port }, i) => port !== started[i]?.port);
  if (missed) throw new Error(`port ${missed.port} is taken, and ${via.url} leads to it`);
  const requests = async () => {
    const counters = await Promise.all(servers.map((server) => server.ask('counters')));
    return counters.reduce((sum, { tally }) => sum + tally.requests, 0);
  };
  await untilReached(via, requests, scheduler, signal);
}

async function startProxy(
  { proxy }: Members,
  ports: readonly number[],
  { planned: { scenario }, transport, route }: PlannedTrial,
  { directory, place, certificate }: Settings,
): Promise<StartedProxy | undefined> {
  if (!proxy) return undefined;
  const { balancing, mistake } = route.proxy as NonNullable<Route['proxy']>;
  return await proxy.ask('start', {
    directory,
    host: place.hosts.server,
    nodes: ports.map((port) => ({ host: place.hosts.behindProxy, port })),
    balancing,
    mistake,
    tls: route.tls && certificate ? { ...route.tls, ...certificate } : null,
    http: route.http,
    connections: scenario.clients * connectionsPerClient(scenario, transport),
    holdMs: scenario.holdMs,
    heartbeatMs: scenario.heartbeatMs,
  });
}

/** Starts relays and load processes. `ports`: of the servers, which clients take in turn, or of the proxy in front. */
async function startClients(
  members: Members,
  ports: readonly number[],
  trial: PlannedTrial,
  settings: Settings,
): Promise<void> {
  const { proxy, packetRelay, relays, loads } = members;
  const { planned, via } = trial;
  const { scenario } = planned;
  const { scheduler, place, certificate } = settings;
  const { epoch } = scheduler;
  const { server, relay: relayHost } = place.hosts;
  await packetRelay?.ask('startDatagrams', {
    epoch,
    link: trial.link,
    ...tunnelSides,
    seed: seedFrom(trial.seed, 'packets'),
  });
  const localAddresses = proxy && place.clientAddresses;
  const relayed = await Promise.all(
    relays.map((relay, i) =>
      relay.ask('start', {
        epoch,
        rttMs: trial.rttMs,
        host: relayHost,
        target: { host: server, port: ports[i % ports.length]! },
        keepSource: localAddresses !== undefined,
      }),
    ),
  );
  const reached = via ? [via.port] : relayed.length > 0 ? relayed.map(({ port }) => port) : ports;
  await Promise.all(
    loads.map((load, i) =>
      load.ask('start', {
        transport: trial.transport,
        scenario,
        from: Math.floor((scenario.clients * i) / loads.length),
        to: Math.floor((scenario.clients * (i + 1)) / loads.length),
        host: via?.host ?? (relayed.length > 0 ? relayHost : server),
        ports: reached,
        ...(localAddresses && { localAddresses }),
        route: trial.route,
        implementation: trial.client,
        ...(certificate && { ca: certificate.cert }),
        epoch,
        seed: trial.seed,
      }),
    ),
  );
}
