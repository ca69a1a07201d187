import type { Bundle } from '../../bench/local/bundle.ts';
import { directRoute, type Route } from '../../network/route/route.ts';
import type { TrialRecord } from '../../results/schema/schema.ts';
import { type ShortTrial, shortTrial } from './short-trial.ts';

type Asked = Omit<ShortTrial, 'route' | 'isolated'> & {
  readonly proxy?: Partial<NonNullable<Route['proxy']>>;
  readonly nodes?: number;
  /** TLS up to NGINX. */
  readonly tls?: true;
  readonly network?: 'loopback' | 'isolated';
};

/** For tests only: one short trial through NGINX, by default over two nodes. */
export function proxiedTrial(bundle: Bundle, { proxy, nodes, tls, network, ...asked }: Asked): Promise<TrialRecord> {
  const route: Route = {
    ...directRoute,
    proxy: { kind: 'nginx', balancing: 'ip_hash', mistake: null, ...proxy },
    nodes: nodes ?? 2,
    tls: tls ? { resumption: true } : null,
  };
  const where = network === 'isolated' && { isolated: { manyClientAddresses: true } };
  return shortTrial(bundle, { ...asked, route, ...where });
}
