import type { CostModel, TransportCalibration } from '../../../results/schema/calibration-schema.ts';

/**
 * Costs as they are where all work takes so many times as long. Clocks, caches and neighbours on the same host change what
 * one and the same work takes; a small task beside each trial tells by how much.
 */
export function atPace(calibration: TransportCalibration, times: number): TransportCalibration {
  const { server, proxy, connect } = calibration;
  const { proxyCpuMs } = connect;
  return {
    ...calibration,
    server: costAtPace(server, times),
    ...(proxy && { proxy: costAtPace(proxy, times) }),
    connect: {
      ...connect,
      cpuMs: connect.cpuMs * times,
      ...(proxyCpuMs !== undefined && { proxyCpuMs: proxyCpuMs * times }),
    },
  };
}

/** The intervals keep their width: their matrix is one of amounts by costs. */
function costAtPace(model: CostModel, times: number): CostModel {
  const { coefficients, inverseNormal } = model;
  return {
    ...model,
    coefficients: Object.fromEntries(
      Object.entries(coefficients).map(([term, cost]) => [term, cost * times]),
    ) as CostModel['coefficients'],
    inverseNormal: inverseNormal.map((row) => row.map((value) => value * times ** 2)),
  };
}
