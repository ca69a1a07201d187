import { randomUUID } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { isIPv4 } from 'node:net';
import type { Plan } from '../../bench/plan/plan.ts';
import { clockSince, newEpoch } from '../../machine/process/clock.ts';
import { startScheduler } from '../../machine/process/scheduler.ts';
import { reachedWithinMs, untilRight } from '../../network/route/reach.ts';
import { addressText, type ListenAddress, type Via } from '../../network/route/via.ts';
import { type Answer, get } from '../../network/route/via-request.ts';
import { defaultLimits } from '../../protocol/limits.ts';
import { subscriptionUrl, updatesPath } from '../../protocol/routes.ts';
import { scenarioFields } from '../../scenarios/fields.ts';
import { publishesAtAll } from '../../scenarios/scenario.ts';
import { type StateNode, startNode } from '../../servers/main/node.ts';
import { plainText } from '../../text/plain-text.ts';
import { reasonOf } from '../../text/reason.ts';
import { UsageError } from '../../text/usage-error.ts';
import { passesThrough, publishesPass, type Trying, unasked } from './via-trials.ts';

export type ViaCheck = {
  readonly plan: Plan;
  /** Called once before the first attempt, with a line that says where servers listen and which URL is awaited. */
  readonly say: (text: string) => void;
  /** Called with what a user has to know, also with `--quiet`. */
  readonly warn: (text: string) => void;
  readonly patienceMs?: number;
};

/**
 * Starts servers where those of the trials will listen. Checks through the user's URL that one of them is reached, and
 * that every transport of the plan passes: streams unbuffered, polls held, connections upgraded. Whether clients reach
 * all servers shows only when they connect in a trial. Throws `UsageError` saying what was tried and what came back.
 */
export async function checkVia({ plan, say, warn, patienceMs = reachedWithinMs }: ViaCheck): Promise<void> {
  const { via } = plan;
  if (!via) return;
  await checkHost(via);
  const nodes: StateNode[] = [];
  try {
    for (const address of via.listen) nodes.push(await listeningNode(address));
    const where = via.listen.map(addressText).join(', ');
    say(`Listening on ${where}; waiting up to ${patienceMs / 1000} s for ${via.url} to lead there`);
    const open = via.listen.filter(({ host }) => !isLoopback(host)).map(addressText);
    if (open.length > 0) warn(`Anyone who can reach ${open.join(', ')} can connect while this run lasts`);
    const trying = tryingOf(via, nodes);
    await untilOurs(trying, patienceMs);
    const publishes = plan.scenarios.some(({ scenario }) => publishesAtAll(scenario));
    for (const transport of plan.transports) await passesThrough(transport, trying);
    // Last, since a publish reaches only one server, and the others then lack an update.
    if (publishes && plan.transports.some((transport) => transport !== 'websocket')) await publishesPass(trying);
  } finally {
    await Promise.all(nodes.map((node) => node.close()));
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

async function checkHost({ url, host }: Via): Promise<void> {
  try {
    await lookup(host);
  } catch {
    throw new UsageError(`--via: ${url}: there is no host ${host}; give one that can be looked up`);
  }
}

async function listeningNode({ host, port }: ListenAddress): Promise<StateNode> {
  const node = await startNode({
    channels: 1,
    encoding: 'json',
    semantics: 'every',
    echo: true,
    heartbeatMs: scenarioFields.heartbeatMs.default,
    limits: defaultLimits,
    clock: clockSince(newEpoch()),
    host,
    port,
  }).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(
      `--listen: ${addressText({ host, port })} cannot be opened (${error.code}); give another port or address`,
    );
  });
  if (node.port === port) return node;
  await node.close();
  throw new UsageError(`--listen: port ${port} is taken; end what listens there, or give another`);
}

/** Emits one random word on all servers of this check. An answer that holds it comes from one of them. */
function tryingOf(via: Via, nodes: readonly StateNode[]): Trying {
  const word = randomUUID();
  const payload = Buffer.from(JSON.stringify(word));
  const emit = () => {
    for (const { context } of nodes) {
      context.stream.accept({ channel: 0, intendedUs: context.clock.nowUs(), payload, publisher: -1 });
    }
  };
  emit();
  return { via, word, emit, head: () => nodes[0]!.context.stream.head(0) };
}

/** Waits until the URL answers with our word. If it never does, the error quotes the last answer. */
async function untilOurs({ via, word }: Trying, patienceMs: number): Promise<void> {
  const path = subscriptionUrl(updatesPath, { channel: 0 });
  const wrong = await untilRight(
    () =>
      get(via, path).then(
        (answer) => (answer.status === 200 && answer.body.includes(word) ? undefined : answerText(answer)),
        reasonOf,
      ),
    patienceMs,
    startScheduler(),
    // Only the process's own end interrupts this.
    new AbortController().signal,
  );
  if (wrong === undefined) return;
  throw new UsageError(
    `--via: ${via.url} does not lead to ${via.listen.map(addressText).join(' or ')}: ` +
      `tried GET ${path} for ${patienceMs / 1000} s; ${wrong}`,
  );
}

/** `it answered 502 (Server: nginx), beginning with "<html> …"`. */
function answerText({ status, server, encoding, body }: Answer): string {
  const by = server === undefined ? '' : ` (Server: ${plainText(server).slice(0, 40)})`;
  if (encoding !== undefined) return `it answered ${status}${by} with ${unasked(encoding)}`;
  const begins = plainText(body).replace(/\s+/g, ' ').trim().slice(0, 60);
  return `it answered ${status}${by}${begins === '' ? '' : `, beginning with ${JSON.stringify(begins)}`}`;
}
