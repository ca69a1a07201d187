import { type ClosedLoopTool, isInstalled, measureTool } from '../../perf/closed-loop-tools.ts';
import { measureReceiver, type ReceiverLoad } from '../../perf/receivers.ts';
import type { ReceiverKind } from '../../perf/receiving/receiver.ts';
import { type CostGroup, costGroups, type Member } from './cost-groups.ts';
import { measureGroup } from './group-findings.ts';
import { heavy, polledPerSecond, pushedPerSecond } from './loads.ts';
import type { Part } from './part.ts';

/** CPU of the receiving process for each delivery, with the bare sender on another core. */
function ofClients(group: CostGroup, load: ReceiverLoad): Part {
  return (context) =>
    measureGroup(context, {
      group,
      members: group.members,
      measure: (member) => measureReceiver(context.programs, member as ReceiverKind, load),
    });
}

const tools: readonly Member[] = ['autocannon', 'wrk', 'h2load'];

const closedLoad: ReceiverLoad = {
  transport: 'long-polling',
  scenario: heavy({ clients: 10, channels: 10 }),
  perSecond: 0,
};

/** Beside other load generators, which ask again at once as a long poll does. */
const ofClosedLoop: Part = (context) => {
  const group: CostGroup = costGroups.closedLoop;
  const missing = tools.filter((tool) => !isInstalled(tool as ClosedLoopTool));
  for (const tool of missing) context.say(`${tool} is not installed here, and is left out`);
  return measureGroup(context, {
    group,
    members: group.members.filter((member) => !missing.includes(member)),
    measure: (member) =>
      tools.includes(member)
        ? measureTool(context.programs, member as ClosedLoopTool, closedLoad)
        : measureReceiver(context.programs, member as ReceiverKind, closedLoad),
  });
};

export const clientParts = {
  websocket: ofClients(costGroups.webSocket, {
    transport: 'websocket',
    scenario: heavy(),
    perSecond: pushedPerSecond,
  }),
  sse: ofClients(costGroups.sse, { transport: 'sse', scenario: heavy(), perSecond: pushedPerSecond }),
  poll: ofClients(costGroups.poll, { transport: 'short-polling', scenario: heavy(), perSecond: polledPerSecond }),
  'closed-loop': ofClosedLoop,
} as const;
