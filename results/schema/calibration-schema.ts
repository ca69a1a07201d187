import { z } from 'zod';
import { costTerms } from './cost-terms.ts';
import { environmentRecord } from './environment-schema.ts';
import { route } from './path-schema.ts';
import { count, milliseconds, transport } from './plain-schema.ts';

/** The version of the schema below, apart from that of runs. */
export const calibrationVersion = 1;

const amount = z.number();

const work = z
  .strictObject({
    clients: amount.describe('connected, busy or not'),
    updatesPerSecond: amount.describe('of all channels together'),
    requestsPerSecond: amount.describe('polls'),
    deliveriesPerSecond: amount.describe("updates that reach a client, polling's too"),
    bytesPerSecond: amount.describe('at the sockets, both ways, without TLS'),
    publishesPerSecond: amount.describe('messages from clients that publish'),
  })
  .describe('what a server does in a second');

const costModel = z.strictObject({
  coefficients: z
    .record(z.enum(costTerms), z.number())
    .describe('milliseconds of CPU time for each unit of work; none is negative'),
  togetherSeconds: z.number().describe('events that come within it of each other are handled together'),
  firstReaders: z.number().describe('about so many deliveries of an update are dearer, because caches are cold'),
  inverseNormal: z.array(z.array(z.number())).describe('of the terms that are not 0, in the order of the terms'),
  scatter: z.number().describe('standard deviation of ln(observed / expected) of groups left out of the fit'),
  degrees: count.describe('degrees of freedom of the scatter'),
  largest: work.describe('the largest amounts that were observed'),
});

const lineModel = z
  .strictObject({
    fixed: z.number(),
    perUnit: z.number(),
    scatter: z.number().describe('standard deviation of what was observed around the line'),
    degrees: count,
    largest: z.number(),
    meanUnits: z.number(),
    spreadUnits: z.number().describe('sum of the squared distances from the mean'),
  })
  .describe('a straight line through what was observed');

const heads = z
  .strictObject({
    poll: count,
    emptyAnswer: count,
    fullAnswer: count,
    publish: z.number(),
    publishAnswer: z.number(),
  })
  .describe('HTTP heads in bytes, without the digits of the numbers in them');

const transportCalibration = z.strictObject({
  server: costModel,
  proxy: costModel.optional(),
  memory: lineModel.describe('bytes of a node with all connected, by connections'),
  proxyMemory: lineModel.optional().describe('bytes of all processes of the proxy with all connected, by connections'),
  kernelBytesPerConnection: z.number().describe('sockets and kernel objects at one end of a connection'),
  handlingMs: milliseconds.describe('what a delivery takes beyond the way, apart from the sends to readers before it'),
  connect: z.strictObject({
    cpuMs: milliseconds.describe('of the server, for each connection'),
    proxyCpuMs: milliseconds.optional(),
    upBytes: z.number().describe('at the sockets, for each client'),
    downBytes: z.number(),
  }),
});

const pathCalibration = z.strictObject({
  route: route.optional().describe('absent: direct'),
  rttsMs: z.array(z.number()),
  network: z.enum(['loopback', 'isolated']),
  taskCpuUs: z
    .number()
    .optional()
    .describe(
      'the pace at which costs hold: microseconds of CPU time of the small task beside each trial; absent: not measured',
    ),
  heads: heads.optional(),
  transports: z.partialRecord(transport, transportCalibration),
});

export const calibrationRecord = z.strictObject({
  calibrationVersion: z.literal(calibrationVersion),
  version: z.string().describe('of polling-vs-websocket'),
  measuredAt: z.iso.datetime(),
  environment: environmentRecord,
  paths: z.array(pathCalibration),
});

export type Work = z.infer<typeof work>;
export type CostModel = z.infer<typeof costModel>;
export type LineModel = z.infer<typeof lineModel>;
export type Heads = z.infer<typeof heads>;
export type TransportCalibration = z.infer<typeof transportCalibration>;
export type PathCalibration = z.infer<typeof pathCalibration>;
export type Calibration = z.infer<typeof calibrationRecord>;
