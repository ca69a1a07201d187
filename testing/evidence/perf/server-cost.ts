import { median } from 'simple-statistics';
import { agrees } from '../../perf/attempts.ts';
import { measureServer, type ServerLoad, type ServerSample } from '../../perf/servers.ts';
import { type CostGroup, costGroups, type Member } from './cost-groups.ts';
import { measureGroup } from './group-findings.ts';
import { heavy, polledPerSecond, pushedPerSecond } from './loads.ts';
import type { Part } from './part.ts';

const clientsOfChannel = 20;

/** CPU of our server and of a bare one, which make their updates themselves and send the same bytes. */
function ofServers(group: CostGroup, load: Omit<ServerLoad, 'scenario'>): Part {
  return (context) => {
    const measure = (member: Member) =>
      measureServer(context.programs, member === 'ours' ? 'ours' : 'bare', { scenario: heavy(), ...load });
    const measured = { group, members: group.members, measure };
    return measureGroup(context, measured, (samples) => assertSameBytes(group, samples));
  };
}

export const serverParts = {
  'websocket-server': ofServers(costGroups.socketServer, {
    transport: 'websocket',
    perSecond: 0,
    updatesPerSecond: pushedPerSecond,
  }),
  'short-poll-server': ofServers(costGroups.shortPollServer, {
    transport: 'short-polling',
    perSecond: polledPerSecond,
    updatesPerSecond: 100,
  }),
  'long-poll-server': ofServers(costGroups.longPollServer, {
    transport: 'long-polling',
    perSecond: 0,
    updatesPerSecond: polledPerSecond / clientsOfChannel,
  }),
} as const;

function assertSameBytes(group: CostGroup, samples: Readonly<Record<Member, readonly ServerSample[]>>): void {
  const [bytes, ours] = group.members.map((member) => median(samples[member].map((sample) => sample.bytes)));
  if (!agrees(ours!, bytes!)) throw new Error(`${group.title}: bare ${bytes} bytes, ours ${ours}`);
}
