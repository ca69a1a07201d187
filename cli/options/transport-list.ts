import { isTransport, type Transport, transports } from '../../protocol/transport.ts';
import { unknownName } from '../../text/choices.ts';
import type { Parse } from './options.ts';

/** Names separated by commas, each once, in the order in which reports list the transports. */
export function transportList(option: string): Parse<readonly Transport[]> {
  return (text) => {
    const names = text.split(',').map((name) => name.trim());
    const unknown = names.find((name) => !isTransport(name));
    if (unknown !== undefined) throw unknownName(option, unknown, transports, ', separated by commas');
    return transports.filter((transport) => names.includes(transport));
  };
}
