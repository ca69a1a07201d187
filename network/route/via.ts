/** Where a server listens, for a proxy in front of it. */
export type ListenAddress = { readonly host: string; readonly port: number };

/** An origin (RFC 6454) that clients connect to in place of the servers. */
export type ViaUrl = {
  /** As shown and recorded, such as `https://chat.example.com`. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly encrypted: boolean;
};

/** The user's own proxy or tunnel, and the addresses at which it expects our servers. */
export type Via = ViaUrl & {
  /** One address per server. */
  readonly listen: readonly ListenAddress[];
};

/** `127.0.0.1:8081`, the notation of most proxies for an upstream server. */
export function addressText({ host, port }: ListenAddress): string {
  return `${host}:${port}`;
}
