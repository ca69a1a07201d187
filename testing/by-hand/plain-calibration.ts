import type {
  Calibration,
  CostModel,
  LineModel,
  PathCalibration,
  TransportCalibration,
} from '../../results/schema/calibration-schema.ts';
import { calibrationVersion } from '../../results/schema/calibration-schema.ts';
import { costTerms } from '../../results/schema/cost-terms.ts';
import { plainRecord } from './plain-run.ts';

/**
 * Costs in round numbers, milliseconds of CPU time: 10 in a second, 0.002 of a client, 0.1 of a wake-up (100 updates in a
 * second wake up 50 times), 0.1 of a request, 0.02 of a delivery, 0.01 of a thousand bytes, 0.05 of a publish.
 */
const coefficients = {
  fixed: 10,
  clients: 0.002,
  wakeUps: 0.1,
  updates: 0,
  requests: 0.1,
  deliveries: 0.02,
  firstDeliveries: 0,
  bytes: 0.00001,
  publishes: 0.05,
};
const usedTerms = costTerms.filter((term) => coefficients[term] > 0);

export const handCost: CostModel = {
  coefficients,
  togetherSeconds: 0.01,
  firstReaders: 50,
  // Coefficients without an error.
  inverseNormal: usedTerms.map(() => usedTerms.map(() => 0)),
  scatter: 0.1,
  degrees: 4,
  largest: {
    clients: 1000,
    updatesPerSecond: 1000,
    requestsPerSecond: 1000,
    deliveriesPerSecond: 10_000,
    bytesPerSecond: 1_000_000,
    publishesPerSecond: 1000,
  },
};

/** 10 MB, and 10 kB a client, without an error. */
const handMemory: LineModel = {
  fixed: 10_000_000,
  perUnit: 10_000,
  scatter: 0,
  degrees: 4,
  largest: 1000,
  meanUnits: 500,
  spreadUnits: 1_000_000,
};

export const handTransport: TransportCalibration = {
  server: handCost,
  memory: handMemory,
  kernelBytesPerConnection: 3000,
  handlingMs: 1,
  connect: { cpuMs: 0.2, upBytes: 100, downBytes: 150 },
};

/** The direct path. All transports cost alike. */
export const handPath: PathCalibration = {
  rttsMs: [40],
  network: 'isolated',
  heads: { poll: 90, emptyAnswer: 120, fullAnswer: 160, publish: 130, publishAnswer: 150 },
  transports: {
    'short-polling': handTransport,
    'long-polling': handTransport,
    sse: handTransport,
    websocket: handTransport,
  },
};

export const handCalibration: Calibration = {
  calibrationVersion,
  version: '1.0.0',
  measuredAt: '2026-01-31T12:00:00.000Z',
  environment: plainRecord.environment,
  paths: [handPath],
};
