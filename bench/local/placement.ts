import type { IsolatedNetwork } from '../../network/isolated/isolated.ts';
import type { Placement } from './local-fleet.ts';

/** Source and backplane stay outside: they and the servers talk over local sockets, which know no networks. */
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
