import { bringsNews, isUp, type Message, type MessageKind } from '../../analysis/events/messages.ts';
import { acceptedIn, type Sequence } from '../../analysis/events/sequence.ts';
import { formatParameter } from '../../analysis/figures/format.ts';
import type { Transport } from '../../protocol/transport.ts';
import type { PlannedScenario } from '../../results/schema/schema.ts';

/** What is in the picture of a sequence, counted. It says the same as the picture. */
export function sequenceText(sequence: Sequence): string {
  const { messages, fromMs, toMs } = sequence;
  const updates = acceptedIn(sequence);
  const own = updates.filter(({ by }) => by === 'own').length;
  const changes = `${counted(updates.length, 'change')}${own > 0 ? ` (${own} by this client)` : ''}`;
  const sent = kinds.flatMap(({ one, many, of }) => {
    const count = messages.filter(of).length;
    return count > 0 ? [counted(count, one, many)] : [];
  });
  return `${changes} in ${formatParameter(Math.round(toMs - fromMs), 'ms')}: ${sent.join(', ') || 'no message'}.`;
}

type Counted = { readonly one: string; readonly many?: string; readonly of: (message: Message) => boolean };

const kinds: readonly Counted[] = [
  { one: 'question', of: isOf('poll') },
  {
    one: 'answer without news',
    many: 'answers without news',
    of: (message) => message.kind === 'answer' && !bringsNews(message),
  },
  {
    one: 'answer with news',
    many: 'answers with news',
    of: (message) => message.kind === 'answer' && bringsNews(message),
  },
  { one: 'message with news', many: 'messages with news', of: isOf('push') },
  { one: 'change sent up', many: 'changes sent up', of: isOf('publish') },
  { one: 'input sent up', many: 'inputs sent up', of: isOf('input') },
  { one: 'acknowledgement', of: isOf('acknowledgement') },
];

function isOf(kind: MessageKind): (message: Message) => boolean {
  return (message) => message.kind === kind;
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** What to look for in the picture of a transport. `tells`: whether the client sends changes or inputs in it. */
const captions: Readonly<Record<Transport, (tells: boolean) => string>> = {
  'short-polling': (tells) =>
    `The client asks at fixed intervals. What happens in between waits for the next question.${tells ? requests : ''}`,
  'long-polling': (tells) =>
    `The server holds the question until there is something to say; then the client must ask again.${tells ? requests : ''}`,
  sse: (tells) =>
    `The client asked once, before this picture begins; the server sends each change as it happens.${tells ? requests : ''}`,
  websocket: (tells) =>
    tells
      ? 'No request is needed: either side sends when it has something to say, over one connection.'
      : 'No further request is needed: the server sends when it has something to say.',
};

const requests = ' What the client has to say takes a request of its own.';

/** The caption of a picture; claims nothing that the picture does not show. */
export function sequenceCaption(sequence: Sequence, askedEveryMs: number): string {
  const { transport, messages } = sequence;
  const tells = messages.some((message) => isUp(message) && message.kind !== 'poll');
  const asks = transport === 'short-polling' ? ` It asks every ${formatParameter(askedEveryMs, 'ms')}.` : '';
  return `${captions[transport](tells)}${asks}`;
}

/** How to read the pictures; explains only what is in one of them. */
export function readingText(sequences: readonly Sequence[]): string {
  const updates = sequences.flatMap(acceptedIn);
  const isHeld = sequences.some(({ holds }) => holds.length > 0);
  const bands = [
    ...(updates.length > 0 ? ['along the client, the time in which it did not know a change'] : []),
    ...(isHeld ? ['along the server, the time in which a request was held'] : []),
  ];
  return [
    'One client’s exchange as both sides recorded it, to scale and over the same stretch of the schedule in each picture: ' +
      'time runs down, and a line that slopes is a message on its way.',
    updates.length > 0
      ? 'A dot is a change of the client’s channel when the server accepted it.'
      : 'Nothing changed in the client’s channel in this time.',
    ...(updates.some(({ by }) => by === 'other')
      ? ['What other clients publish comes in from the right, from when it was meant to be sent.']
      : []),
    ...(bands.length > 0 ? [`A thick band is, ${bands.join('; ')}.`] : []),
    'Heartbeats, and what connections and TCP exchange underneath, are not drawn.',
  ].join(' ');
}

/** What the pictures of a run lack that did not record what the client sent; empty if it did. */
export function unrecordedText(
  sequences: readonly Sequence[],
  { origin, inputs }: PlannedScenario['scenario'],
): string {
  if (sequences.every(({ recordsPublishes }) => recordsPublishes)) return '';
  const lacks = [
    ...(origin === 'client'
      ? ['A change that this client published is drawn from when it was meant to be sent, and without acknowledgement.']
      : []),
    ...(inputs ? ['The inputs that this client sent are not drawn.'] : []),
  ];
  return `This run did not record what the client sent besides questions. ${lacks.join(' ')}`;
}
