import type { SpecimenRecord } from '../../results/schema/schema.ts';
import type { Spot } from './synthetic-spot.ts';

type Piece = SpecimenRecord[number]['pieces'][number];

const update = '[7,1000000000,0,{"from":"Ada","text":"Who brings the cake?"}]';

/** For tests only: a first exchange, shortened. */
export function syntheticSpecimen({ transport }: Spot): SpecimenRecord {
  switch (transport) {
    case 'short-polling':
    case 'long-polling':
      return [
        { direction: 'up', pieces: [piece('headers', 'GET /updates?channel=0 HTTP/1.1\r\nHost: 10.0.0.1\r\n\r\n')] },
        {
          direction: 'down',
          pieces: [
            piece('headers', 'HTTP/1.1 200 OK\r\nContent-Length: 66\r\n\r\n'),
            piece('framing', '61:'),
            piece('update', update),
            piece('framing', ','),
          ],
        },
      ];
    case 'sse':
      return [
        { direction: 'up', pieces: [piece('headers', 'GET /events?channel=0 HTTP/1.1\r\n\r\n')] },
        {
          direction: 'down',
          pieces: [
            piece('headers', 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n'),
            piece('framing', 'id:7\ndata:'),
            piece('update', update),
            piece('framing', '\n\n'),
          ],
        },
      ];
    case 'websocket':
      return [
        { direction: 'up', pieces: [piece('headers', 'GET /socket?channel=0 HTTP/1.1\r\nUpgrade: websocket\r\n\r\n')] },
        {
          direction: 'down',
          pieces: [
            piece('headers', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'),
            piece('framing', '\x81\x3d'),
            piece('update', update),
          ],
        },
      ];
  }
}

function piece(layer: Piece['layer'], text: string): Piece {
  return { layer, length: text.length, base64: Buffer.from(text, 'latin1').toString('base64') };
}
