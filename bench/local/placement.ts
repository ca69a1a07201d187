import type { CpuQuota } from '../../machine/host/cpu-quota.ts';
import type { IsolatedNetwork } from '../../network/isolated/isolated.ts';
import type { Placement } from './local-fleet.ts';

/**
 * Runs each role in its namespace. Source and backplane stay outside: they and the servers talk over local sockets,
 * which work across network namespaces.
 */
export function placementIn({ enter }: IsolatedNetwork): Placement {
  return (role) => {
    switch (role) {
      case 'server':
      case 'relay':
        return enter[role];
      case 'proxy':
        return enter.server;
      case 'load':
        return enter.client;
      case 'source':
      case 'backplane':
        return [];
    }
  };
}

/** As `placement`, with servers and proxy in the group of a quota. */
export function placementUnder({ enter }: CpuQuota, placement: Placement): Placement {
  return (role) => (role === 'server' || role === 'proxy' ? [...enter, ...placement(role)] : placement(role));
}
