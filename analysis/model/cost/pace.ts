import type { CostModel, TransportCalibration } from '../../../results/schema/calibration-schema.ts';

/**
 * Costs as they are where all work takes so many times as long. Clocks, caches and neighbours on the same host change what
 * one and the same work takes; a small task beside each trial tells by how much.
 */
export function atPace(calibration: TransportCalibration, times: number): TransportCalibration {
  return servedAt(calibration, { server: times, proxy: times });
}

/** How many times as long a task took as when the costs were calibrated; 1 if either is not known. */
export function timesOfPace(taskUs: number | undefined, calibratedUs: number | undefined): number {
  return taskUs === undefined || calibratedUs === undefined ? 1 : taskUs / calibratedUs;
}

/** With serving and connecting as many times as costly, of a server and of a proxy. */
export function servedAt(
  calibration: TransportCalibration,
  times: { readonly server: number; readonly proxy: number },
): TransportCalibration {
  const { server, proxy, connect } = calibration;
  const { cpuMs, proxyCpuMs } = connect;
  return {
    ...calibration,
    server: costTimes(server, times.server),
    ...(proxy && { proxy: costTimes(proxy, times.proxy) }),
    connect: {
      ...connect,
      cpuMs: cpuMs * times.server,
      ...(proxyCpuMs !== undefined && { proxyCpuMs: proxyCpuMs * times.proxy }),
    },
  };
}

/** The intervals keep their width: their matrix is one of amounts by costs. */
function costTimes(model: CostModel, times: number): CostModel {
  const { coefficients, inverseNormal } = model;
  return {
    ...model,
    coefficients: Object.fromEntries(
      Object.entries(coefficients).map(([term, cost]) => [term, cost * times]),
    ) as CostModel['coefficients'],
    inverseNormal: inverseNormal.map((row) => row.map((value) => value * times ** 2)),
  };
}
