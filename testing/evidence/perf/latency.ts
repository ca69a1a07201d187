import { median } from 'simple-statistics';
import { measureLatency } from '../../perf/added-latency.ts';
import type { Part } from './part.ts';
import { ratioFigures, ratioOf, ratioText, spreadFigures } from './ratio.ts';

const mostAddedUs = 200;

/** What source, server and client add to the way of the bytes, where nothing else keeps them. */
export const latencyPart: Part = async ({ programs, rounds, say }) => {
  const samples = await measureLatency(programs, rounds, ({ deliveryUs, echoUs }) =>
    say(`one client: delivery p50 ${deliveryUs.toFixed(0)} µs, raw TCP echo p50 ${echoUs.toFixed(0)} µs`),
  );
  const [deliveriesUs, waysUs] = [samples.map(({ deliveryUs }) => deliveryUs), samples.map(({ echoUs }) => echoUs / 2)];
  const addedUs = deliveriesUs.map((us, round) => us - waysUs[round]!);
  const ratio = ratioOf(deliveriesUs, waysUs);
  const us = (values: readonly number[]) => `${median([...values]).toFixed(0)} µs`;
  return [
    {
      claim: `one client, 100 updates a second, loopback: p50 from intended instant to receipt, less half a raw TCP echo, at most ${mostAddedUs} µs`,
      found:
        `${us(addedUs)} (${Math.min(...addedUs).toFixed(0)}–${Math.max(...addedUs).toFixed(0)}): ` +
        `delivery ${us(deliveriesUs)}, half an echo ${us(waysUs)}; ${ratioText(ratio)}`,
      holds: median(addedUs) <= mostAddedUs,
      figures: {
        ...ratioFigures('deliveryOverWay', ratio),
        ...spreadFigures('deliveryP50Us', deliveriesUs),
        ...spreadFigures('halfEchoP50Us', waysUs),
        ...spreadFigures('addedP50Us', addedUs),
      },
    },
  ];
};
