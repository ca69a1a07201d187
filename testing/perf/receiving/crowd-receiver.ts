import { createCrowd } from '../../../clients/load/crowd.ts';
import { clockSince } from '../../../machine/process/clock.ts';
import { mergeRecorded } from '../../../machine/process/recorder.ts';
import { directRoute } from '../../../network/route/route.ts';
import { type OpenReceiver, openInTurn } from './receiver.ts';

/** Our own clients with ledger, recorder and receipts: the whole job. */
export const openCrowd: OpenReceiver = ({ scenario, transport, epoch, ports, kind }, count, samples) => {
  const subscribed = new Map<number, () => void>();
  const isPolled = transport === 'short-polling';
  const crowd = createCrowd(
    {
      transport,
      scenario,
      from: 0,
      to: scenario.clients,
      host: '127.0.0.1',
      ports,
      route: directRoute,
      implementation: kind === 'lean' ? 'lean' : 'library',
      epoch,
      seed: 'perf',
    },
    clockSince(epoch),
    {
      advanced: ({ client }) => {
        count.deliveries++;
        if (isPolled) samples.answered(client);
      },
      subscribed: ({ client }) => {
        subscribed.get(client)?.();
        subscribed.delete(client);
      },
      lost: () => {},
    },
  );
  const open = (client: number) =>
    new Promise<void>((resolve) => {
      subscribed.set(client, resolve);
      crowd.clients[client]!.transport.connect();
    });
  return {
    ready: openInTurn(scenario.clients, open),
    poll: (client) => void crowd.clients[client]!.transport.poll?.(false),
    ...(!isPolled && {
      latency: {
        clear: () => {
          crowd.delivery.reset();
          crowd.receipts.clear();
        },
        p50Us: () => mergeRecorded([crowd.delivery.encoded()]).getValueAtPercentile(50),
      },
    }),
  };
};
