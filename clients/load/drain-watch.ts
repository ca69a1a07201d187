import type { VirtualClient } from '../subscriber/virtual-client.ts';

/** Tracks which clients lack the last update of their channel. */
export type DrainWatch = {
  readonly isBehind: (client: VirtualClient) => boolean;
  readonly advanced: (client: VirtualClient) => void;
  /** Resolves when all clients have it, or at `giveUp`. */
  readonly drained: Promise<void>;
  readonly giveUp: () => void;
};

/** `heads`: newest version per channel. */
export function watchDrain(clients: readonly VirtualClient[], heads: Uint32Array): DrainWatch {
  const isLate = (client: VirtualClient) => (client.newest() ?? 0) < heads[client.channel]!;
  const behind = new Set(clients.filter(isLate).map(({ client }) => client));
  let resolve: () => void = () => {};
  const drained = new Promise<void>((settled) => {
    resolve = settled;
  });
  if (behind.size === 0) resolve();
  return {
    isBehind: ({ client }) => behind.has(client),
    advanced: (client) => {
      if (isLate(client) || !behind.delete(client.client)) return;
      if (behind.size === 0) resolve();
    },
    drained,
    giveUp: () => resolve(),
  };
}
