import { z } from 'zod';
import { balancings, headerProfiles, mistakes, type Route } from '../../network/route/route.ts';
import { count } from './plain-schema.ts';

export const mistake = z.enum(mistakes);

/** Every field of a route has its row here: the compiler asks for it. */
const routeFields = {
  tls: z.strictObject({ resumption: z.boolean() }).nullable(),
  http: z.literal([1, 2]),
  proxy: z
    .strictObject({
      kind: z.literal('nginx'),
      balancing: z.enum(balancings),
      mistake: mistake.nullable().describe('what was left wrong on purpose'),
    })
    .nullable(),
  nodes: count.describe('servers that expose the same stream'),
  headers: z.enum(headerProfiles),
  cookieBytes: count,
  compression: z.strictObject({ contextTakeover: z.boolean() }).nullable(),
} satisfies Readonly<Record<keyof Route, z.ZodType>>;

export const route = z
  .strictObject({ name: z.string(), ...routeFields })
  .describe('what a path goes through beside its link');

const conditions = {
  rttMs: z.number(),
  jitterMs: z.number().describe('by how much the round-trip time varies to both sides'),
  bandwidthBitsPerSecond: z
    .number()
    .nullable()
    .describe('of each direction unless the way up has its own; null: as fast as the machine'),
  upBandwidthBitsPerSecond: z.number().optional().describe('from clients to server, where that is another one'),
  lossShare: z.number().describe('of packets in each direction, on purpose, 0 to 1'),
};

/** What was asked of the cable between clients and server. */
export const link = z.strictObject(conditions);

/** What lies between clients and server. */
export const path = z.strictObject({
  network: z.enum(['loopback', 'isolated']),
  ...conditions,
  delay: z.enum(['none', 'netem', 'vxlan-relay', 'tcp-relay']).describe('what makes the round-trip time'),
  congestionControl: z.string().nullable().describe("pinned for these connections; null: the machine's"),
  caveats: z.array(z.string()),
  route: route.optional().describe('absent: direct'),
  linkName: z.string().optional().describe('the named link whose conditions these are'),
  via: z.string().optional().describe('the URL of a proxy or tunnel of the user that everything went through'),
});
