/** The four ways to keep a client up to date, in the order of presentation. */
export const transports = ['short-polling', 'long-polling', 'sse', 'websocket'] as const;

export type Transport = (typeof transports)[number];

/** Titles for charts and tables. */
export const transportTitles: Readonly<Record<Transport, string>> = {
  'short-polling': 'Short polling',
  'long-polling': 'Long polling',
  sse: 'SSE',
  websocket: 'WebSocket',
};

export function isTransport(text: string): text is Transport {
  return (transports as readonly string[]).includes(text);
}
