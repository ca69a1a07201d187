import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { directRoute, type Route, usualBalancing } from '../../network/route/route.ts';
import { checkHead } from '../../report/prediction/text.ts';
import { chatRoom } from '../../scenarios/catalogue/chat-room.ts';
import { notifications } from '../../scenarios/catalogue/notifications.ts';
import { plainLoad } from '../../scenarios/catalogue/plain-load.ts';
import { presence } from '../../scenarios/catalogue/presence.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { plainPrediction } from '../../testing/by-hand/plain-prediction.ts';
import { checkCommands, checkDurationMs, checkedScenario, type TypedFiles } from './check.ts';

describe('the size at which any machine measures', () => {
  const sizeOf = (clients: number, channels: number) => {
    const checked = checkedScenario({ ...plainLoad, clients, channels });
    return [checked.clients, checked.channels];
  };
  const cases: readonly (readonly [string, readonly [number, number], readonly [number, number]])[] = [
    ['up to 500 clients as they are', [500, 7], [500, 7]],
    ['fewer clients in as many fewer channels', [50_000, 1000], [500, 10]],
    ['at least one channel', [50_000, 20], [500, 1]],
    ['a client in each channel', [1000, 1000], [500, 500]],
    ['one channel', [50_000, 1], [500, 1]],
  ];
  for (const [name, [clients, channels], expected] of cases) {
    test(name, () => assert.deepEqual(sizeOf(clients, channels), expected));
  }

  test('a payload that has room for what it says', () => {
    const bytesOf = (bytes: number) =>
      checkedScenario({ ...plainLoad, payload: { kind: 'notice', bytes } }).payload.bytes;
    assert.ok(bytesOf(1) > 1);
    assert.equal(bytesOf(300), 300);
  });
});

describe('the length of a window', () => {
  const lengthOf = (perSecond: number, channels: number) =>
    checkDurationMs({ ...plainLoad, channels, arrivals: { kind: 'poisson', perSecond } });

  test('forty updates', () => assert.equal(lengthOf(2, 1), 20_000));
  test('at least 4.5 s', () => assert.equal(lengthOf(20, 10), 4500));
  test('at most half a minute', () => assert.equal(lengthOf(0.1, 1), 30_000));
  test('but one update', () => assert.equal(lengthOf(0.001, 1), 1_000_000));
  test('in half seconds', () => assert.equal(lengthOf(3, 1), 13_500));
});

describe('the command that measures what was predicted', () => {
  const commandsOf = (scenario: Scenario, route: Partial<Route> = {}, files?: TypedFiles, pollIntervalMs?: number) =>
    checkCommands(
      { scenario, rttMs: 60 },
      { ...directRoute, ...route },
      [plainPrediction(pollIntervalMs === undefined ? {} : { pollIntervalMs })],
      files,
    ).map(({ command }) => command);
  const commandOf = (...given: Parameters<typeof commandsOf>) => commandsOf(...given)[0]!;

  test('a load of which nothing more is said', () => {
    const scenario = { ...plainLoad, clients: 5000, channels: 20, payload: { ...plainLoad.payload, bytes: 300 } };
    assert.equal(
      commandOf({ ...scenario, arrivals: { kind: 'poisson', perSecond: 0.5 } }, {}, {}, 1500),
      'npx pvw run notifications --clients 500 --channels 2 --rate 0.5 --payload-bytes 300 --poll-interval 1.5s --rtt 60ms ' +
        '--warmup 12s --duration 30s',
    );
  });

  test('a path and its limits', () => {
    const route: Partial<Route> = {
      tls: { resumption: true },
      proxy: { kind: 'nginx', balancing: usualBalancing, mistake: null },
      headers: 'browser',
      cookieBytes: 500,
      nodes: 4,
    };
    const words = (proxy: string) =>
      'npx pvw run chat-room --clients 100 --channels 10 --rate 1 --payload-bytes 120 --hold 10s --heartbeat 5s --rtt 60ms --tls ' +
      `--proxy nginx ${proxy} --headers browser --cookie-bytes 500 --warmup 12s --duration 4.5s`;
    assert.deepEqual(commandsOf({ ...chatRoom, holdMs: 10_000, heartbeatMs: 5000 }, route), [
      words('--nodes 1'),
      words('--nodes 2 --storm node-killed'),
    ]);
  });

  test('fewer readers of a channel cannot show how long sends take', () => {
    const heads = (clients: number, channels: number) =>
      checkCommands({ scenario: { ...plainLoad, clients, channels }, rttMs: 60 }, directRoute, []).map(checkHead);
    const of = 'latency, requests, bytes, cores and memory, of 500 clients';
    assert.deepEqual(heads(5000, 10), [of, 'how soon clients are back']);
    assert.equal(
      heads(5000, 1)[0],
      `${of}; not how long sends to more readers of a channel take: for that give --clients what your machine carries`,
    );
  });

  test('a storm needs NGINX, whatever the path has', () => {
    const [plain, storm] = commandsOf(chatRoom);
    assert.ok(!plain!.includes('nginx'));
    assert.match(storm!, / --rtt 60ms --proxy nginx --nodes 2 --storm node-killed --warmup 12s --duration /);
  });

  test('bursts have the rate of their updates, and a third is cut', () => {
    assert.match(commandOf(presence), /^npx pvw run presence .* --rate 1 /);
    const thirds = { ...plainLoad, arrivals: { kind: 'poisson', perSecond: 1 / 3 } } as const;
    assert.match(commandOf(thirds), / --rate 0\.333333 /);
  });

  test('another scenario where the semantics were changed', () => {
    assert.match(commandOf({ ...notifications, semantics: 'latest' }), /^npx pvw run ticker /);
    assert.match(commandOf({ ...presence, semantics: 'every' }), /^npx pvw run /);
  });

  test('files, as they were typed', () => {
    const arrivals = { kind: 'trace', instantsMs: [1, 50], lengthMs: 100 } as const;
    const own = { ...plainLoad, name: 'mine', arrivals, payload: { kind: 'quotes', bytes: 500 } } as const;
    assert.equal(
      commandOf(own, {}, { scenario: 'my.yaml', trace: 'my.txt' }),
      'npx pvw run my.yaml --clients 200 --channels 1 --trace my.txt --payload-bytes 500 --rtt 60ms --warmup 12s --duration 4.5s',
    );
    assert.match(commandOf(own, {}, { scenario: 'my.yaml' }), /--channels 1 --payload-bytes 500/);
  });

  test('a payload without room gets as much as it takes', () => {
    const [, bytes] = /--payload-bytes (\d+)/.exec(commandOf({ ...plainLoad, payload: { kind: 'notice', bytes: 1 } }))!;
    assert.ok(Number(bytes) > 1);
  });
});
