import { z } from 'zod';
import { balancings, headerProfiles, mistakes, type Route } from '../../network/route/route.ts';
import { count } from './plain-schema.ts';

export const mistake = z.enum(mistakes);

/** One row for every field of a route, which the compiler checks. */
const routeFields = {
  tls: z.strictObject({ resumption: z.boolean() }).nullable(),
  http: z.literal([1, 2]),
  proxy: z
    .strictObject({
      kind: z.literal('nginx'),
      balancing: z.enum(balancings),
      mistake: mistake.nullable().describe('the deliberate misconfiguration'),
    })
    .nullable(),
  nodes: count.describe('servers that expose the same stream'),
  headers: z.enum(headerProfiles),
  cookieBytes: count,
  compression: z.strictObject({ contextTakeover: z.boolean() }).nullable(),
} satisfies Readonly<Record<keyof Route, z.ZodType>>;

export const route = z
  .strictObject({ name: z.string(), ...routeFields })
  .describe('what lies on a path besides its link');

const conditions = {
  rttMs: z.number(),
  jitterMs: z.number().describe('by how much the round-trip time varies in either direction'),
  bandwidthBitsPerSecond: z
    .number()
    .nullable()
    .describe('in each direction, unless upBandwidthBitsPerSecond is given; null: as fast as the machine'),
  upBandwidthBitsPerSecond: z.number().optional().describe('from clients to server, if different'),
  lossShare: z.number().describe('share of packets dropped on purpose in each direction, 0 to 1'),
};

/** The requested conditions of the link between clients and server. */
export const link = z.strictObject(conditions);

/** What lies between clients and server. */
export const path = z.strictObject({
  network: z.enum(['loopback', 'isolated']),
  ...conditions,
  delay: z.enum(['none', 'netem', 'vxlan-relay', 'tcp-relay']).describe('what adds the round-trip time'),
  congestionControl: z.string().nullable().describe("pinned for these connections; null: the machine's"),
  caveats: z.array(z.string()),
  route: route.optional().describe('absent: direct'),
  linkName: z.string().optional().describe('the named link that has these conditions'),
  via: z.string().optional().describe("URL of the user's own proxy or tunnel that all traffic went through"),
});
