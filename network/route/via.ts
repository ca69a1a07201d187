/** Where a server listens, so that a proxy in front of it finds it. */
export type ListenAddress = { readonly host: string; readonly port: number };

/** Where clients go instead of to the servers: an origin (RFC 6454), without path. */
export type ViaUrl = {
  /** As it is shown and recorded, such as `https://chat.example.com`. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly encrypted: boolean;
};

/** The user's own proxy or tunnel, and where it has to find our servers. */
export type Via = ViaUrl & {
  /** One server each. */
  readonly listen: readonly ListenAddress[];
};

/** `127.0.0.1:8081`, as an upstream is written down in the configuration of most proxies. */
export function addressText({ host, port }: ListenAddress): string {
  return `${host}:${port}`;
}
