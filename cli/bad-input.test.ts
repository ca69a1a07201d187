import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { projectRoot } from '../machine/host/project-root.ts';
import { schemaVersion } from '../results/schema/schema.ts';
import { handCalibration } from '../testing/by-hand/plain-calibration.ts';
import { openCommand, type Told } from '../testing/commands/asked-command.ts';

/**
 * Input that the command refuses. Each case ends with exit code 2 and exactly one line on stderr. The line names the
 * option or argument, the value and what is allowed. Stdout stays empty, and no file is written.
 */
const pvw = join(projectRoot, 'bin/pvw.js');
const home = mkdtempSync(join(tmpdir(), 'pvw-bad-input-'));
const command = openCommand(home);
after(() => {
  command.stop();
  rmSync(home, { recursive: true });
});

writeFileSync(join(home, 'a-file'), '');
mkdirSync(join(home, 'full'));
writeFileSync(join(home, 'full/precious.txt'), 'keep me');
writeFileSync(join(home, 'broken-trace'), '0\n5\nx\n');
writeFileSync(join(home, 'late.txt'), '60000\n60010\n60020\n119000\n');
writeFileSync(
  join(home, 'rare.yaml'),
  'name: rare\nextends: ticker\nchannels: 2\nduration: 2s\narrivals: {kind: poisson, perSecond: 0.001}\n',
);
writeFileSync(
  join(home, 'rare.mjs'),
  "const arrivals = { kind: 'trace', instantsMs: [9000, 9500], lengthMs: 10000 };\n" +
    "export default { name: 'later', extends: 'ticker', arrivals };\n",
);
writeFileSync(join(home, 'bad.yaml'), 'name: bad\nclinets: 3\n');
writeFileSync(join(home, 'small.yaml'), 'name: small\nextends: ticker\n');
writeFileSync(join(home, 'bad.ts'), 'export default { name: 5 as number };\n');
writeFileSync(join(home, 'two.mjs'), "export default ['a', 'b'].map((name) => ({ name, extends: 'ticker' }));\n");
// Only the direct path was calibrated.
writeFileSync(join(home, 'hand.json'), JSON.stringify(handCalibration));
writeFileSync(join(home, 'later.json'), JSON.stringify({ ...handCalibration, calibrationVersion: 9 }));
writeFileSync(join(home, 'cut.json'), JSON.stringify(handCalibration).slice(1));
keepRun('no-json', '{"schemaVersion": 1,');
keepRun('not-a-run', JSON.stringify({ schemaVersion }));
keepRun('newer', JSON.stringify({ schemaVersion: 99 }));

function keepRun(name: string, json: string): void {
  mkdirSync(join(home, name));
  writeFileSync(join(home, name, 'run.json'), json);
  writeFileSync(join(home, name, 'trials.jsonl'), '');
}

const cases: Readonly<Record<string, RegExp>> = {
  'help weather': /unknown command 'weather'; see pvw --help$/,
  'run chat-rom': /scenario: "chat-rom" is unknown \(did you mean chat-room\?\); give chat-room, /,
  'run chat-room weather': /scenario: "weather" is unknown; give chat-room, /,
  'run --transport web-socket': /--transport: "web-socket" .*did you mean websocket\?.* give short-polling, /,
  'run --transport sse,': /--transport: "" is unknown; give short-polling, /,
  'run --profile quik': /--profile: "quik" .*did you mean quick\?.* give smoke, quick, full or paths$/,
  'run --clients -3': /--clients: "-3" is not allowed; give a whole number from 1 to 1000000$/,
  'run --clients 0': /--clients: "0" is not allowed; give a whole number from 1/,
  'run --clients 1e3': /--clients: "1e3" is not allowed; give a whole number from 1/,
  'run --clients 1000000':
    /--clients: 1000000 clients .* do not fit: .* a client to the server; at most \d+ clients fit; give fewer --clients$/,
  'run --channels 99999': /--channels: "99999" is not allowed; give at most \d+, one per client/,
  'run --rate 0': /--rate: "0" is not allowed; give a number from 0.001 to 10000$/,
  'run chat-room --trace late.txt --duration 1s --warmup 0s --repeats 3 --threshold websocket.stale<=5%':
    /--duration: "1s" is too short: the window of chat-room would have no update, the first is at 60s; give more than 60s, or an/,
  'run rare.yaml':
    /--duration: "2s" is too short: .* window of rare would have no update, one is expected every 500s; give at least 250s, or/,
  'run rare.mjs --duration 5s':
    /--duration: "5s" is too short: the window of later would have no update, the first is at 9s; give mo/,
  'run --rate 0.001 --profile smoke':
    /--duration: "3s" is too short: .* one is expected every 100s; give at least 50s, or/,
  'run notifications --channels 1 --duration 10s':
    /--duration: "10s" is too short: .* every 180s; give at least 90s, or/,
  'run presence --channels 1 --duration 2s':
    /--duration: "2s" is too short: .* a burst is expected every 5s; give at l/,
  'run --rate 10000 --clients 5000 --rtt 0': /--rate: "10000" is 50000000 deliveries per second .*; give at most/,
  'run --rate 5 --trace broken-trace': /--rate: 5 cannot be used together with --trace/,
  'run --payload-bytes 4': /--payload-bytes: "4" is too small for chat-text .*; give a whole number from \d+ to/,
  'run --payload-bytes 99999999': /--payload-bytes: "99999999" is not allowed; give a whole number from/,
  'run --trace broken-trace': /--trace: broken-trace, line 3: "x" /,
  'run --trace nowhere': /--trace: nowhere: cannot be read/,
  'run --poll-interval 5': /--poll-interval: "5" has no unit; give a duration from 10ms to 10m, such as/,
  'run --hold 1h': /--hold: "1h" is no duration; give a duration from/,
  'run --heartbeat 0': /--heartbeat: "0" is not allowed; give a duration from 100ms/,
  'run --heartbeat 200ms --rtt 400ms': /--heartbeat: "200ms" is too short; give at least two round trips, 800ms/,
  'run --duration 1ms': /--duration: "1ms" is not allowed; give a duration from/,
  'run --warmup -1s': /--warmup: "-1s" is no duration; give a duration from 0/,
  'run --repeats 101': /--repeats: "101" is not allowed; give a whole number from 1 to 100$/,
  'run --paths direct,ngnix': /--paths: "ngnix" is unknown \(did you mean nginx\?\); give direct, /,
  'run --paths tls --proxy nginx': /--paths: cannot be used together with --proxy; join words with \+$/,
  'run --nodes 65': /--nodes: "?65"? is not allowed; give a whole number from 1 to 64/,
  'run --http 3': /--http: "3" is unknown.*; give 1 or 2$/,
  'run --http 2 --transport websocket': /--http: 2 is not for websocket/,
  'run --mistake no-upgrade-header --proxy nginx': /--mistake: "no-upgrade-header" .*did you mean no-upgrade-headers/,
  'run --storm node-killed --listen 8081 --via http://a.example': /--storm: cannot be used together with --via/,
  'run --mistake buffered-sse': /--mistake: buffered-sse needs --proxy nginx/,
  'run --aa sse --paths direct,tls': /--aa: sse cannot be used together with several --paths/,
  'run --rtt 3s': /--rtt: "3s" is not allowed; give a duration from 0 to 2s/,
  'run --link satelite': /--link: "satelite" is unknown \(did you mean satellite\?\); give lan, home, mobile-4g, /,
  'run --link satellite --rtt 10ms':
    /--rtt: "10ms" is too short; give at least 30ms, the jitter of satellite, or --jit/,
  'run chat-room --link home --network loopback':
    /--link: home needs the isolated network \(it was not asked for\); --rtt 35ms gives its round-trip time alone$/,
  'run live-stream --link satellite':
    /--link: "satellite" carries 19\.3mbit, and live-stream needs 39\.3mbit for its updates alone; give at most 14 cl/,
  'run live-stream --bandwidth 1mbit':
    /--bandwidth: "1mbit" carries 1mbit, and live-stream needs 39\.3mbit .*; give fewer clients and channels, or/,
  'run --listen 8081': /--listen: 127\.0\.0\.1:8081 needs --via, the URL that leads there$/,
  'run --via http://127.0.0.1:8080': /--via: http:\/\/127\.0\.0\.1:8080 needs --listen, the port that it leads to$/,
  'run --listen 70000 --via http://a.example':
    /--listen: "70000" is not allowed; give a port from 1 to 65535, or an IPv/,
  'run --listen 8081,8081 --via http://a.example':
    /--listen: "8081,8081" has 127.0.0.1:8081 twice; give each port once$/,
  'run --listen 8081 --via 127.0.0.1:8080': /--via: "127\.0\.0\.1:8080" is not allowed; give an http or https URL wit/,
  'run --listen 8081 --via http://a.example/chat': /--via: "http:\/\/a\.example\/chat" is more than an origin; give an/,
  'run --listen 8081 --via http://[::1]:8080': /--via: "http:\/\/\[::1\]:8080" is not allowed; give a host name or an/,
  'run --listen 8081 --via http://127.0.0.1:8080 --rtt 40ms':
    /--rtt: cannot be used together with --via, whose path has its own$/,
  'run --listen 8081 --via http://127.0.0.1:8080 --link home': /--link: cannot be used together with --via, whose path/,
  'run --listen 8081 --via http://127.0.0.1:8080 --proxy nginx': /--proxy: cannot be used together with --via, whose p/,
  'run --listen 8081 --via http://127.0.0.1:8080 --http 2': /--http: 2 needs an https URL in --via$/,
  'run --listen 8081 --via http://127.0.0.1:8080 --network isolated':
    /--network: isolated cannot reach http:\/\/127\.0\.0\.1:8080, which is outside; leave it out$/,
  'run --quiet --listen 8081 --via http://no-such-host.invalid':
    /--via: http:\/\/no-such-host\.invalid: there is no host no-such-host\.invalid; give one that can be looked up$/,
  'run dashboard --clients 20':
    /--clients: "20" leaves some of the 7 polling intervals of dashboard without a client; give at least 70/,
  'run dashboard --channels 280':
    /--channels: "280" leaves some of the 7 polling intervals of dashboard.*; give at most 40/,
  'capacity --slo latency.p99<1s --over rate':
    /^pvw: capacity: give a scenario: a name that pvw list shows, or a file$/,
  'capacity chat-room --over rate': /--slo: say what has to hold, such as 'latency\.p99<250ms'$/,
  'capacity chat-room --slo latency.p99<1s': /--over: say what is raised: clients or rate$/,
  'capacity chat-room --slo latency.p98<1s --over rate':
    /--slo: "latency\.p98<1s" is no objective .*; give latency\.p50, /,
  'capacity chat-room --slo latency.p99<1s --over payload': /--over: "payload" is unknown; give clients or rate$/,
  'capacity chat-room --slo latency.p99<1s --over clients --from 3':
    /--from: at 3: --clients: "3" is fewer than chat-room's channels; give at least 10/,
  'capacity chat-room --slo latency.p99<1s --over clients --to 900000':
    /--to: at 900000: --clients: 900000 clients of chat-room do not fit: /,
  'capacity notifications --slo latency.p99.9<1s --over clients --channels 1':
    /--slo: a window of enough updates lasts \d+m, and a search takes dozens, more than the 1 h of --within; give a hi/,
  'capacity chat-room --slo latency.p99<1s --over rate --server-cpus 0':
    /--server-cpus: "0" is not allowed; give a number from 0\.05 to 64$/,
  'capacity chat-room --slo latency.p99<1s --over rate --repeats 3': /unknown option '--repeats'/,
  'run --seed a/b': /--seed: "a\/b" is not allowed; give 1 to 64/,
  'run --out full': /--out: full: exists and is not empty; give a new or empty directory/,
  'run --out a-file': /--out: .*a-file: is not a directory; give a new or empty directory/,
  'run --out a-file/inside': /--out: .*a-file: is not a directory; give a new or empty directory/,
  'run --out /proc/pvw': /--out: \/proc.*cannot be (made|written).*; give a new or empty directory/,
  'run --threshold websocket.latency.p99':
    /--threshold: "websocket\.latency\.p99" is no condition; give \[scenario\/\]tr/,
  'run --threshold websoket.stale<5%':
    /--threshold: "websoket" is unknown \(did you mean websocket\?\); give short-pol/,
  'run --threshold sse.latency.p9<5ms':
    /--threshold: "latency\.p9" is an unknown figure .*did you mean latency\.p.*; give/,
  'run --threshold sse.latency.p99<5':
    /--threshold: "5" has no unit that fits; give a number followed by us, ms or s for l/,
  'run --threshold ticker/sse.stale<5%':
    /--threshold: "ticker" is not in this run; give chat-room, dashboard, online-game or live-s/,
  'run --transport sse --threshold websocket.stale<5%': /--threshold: "websocket" is not in this run.*; give sse$/,
  'run --export-csv nowhere/a.csv':
    /--export-csv: "nowhere\/a\.csv" is in a directory that does not exist; give a file/,
  'run --export-csv full': /--export-csv: "full" is no ordinary file; give a file in a directory that exists/,
  'run --export-markdown a-file/a.md': /--export-markdown: "a-file\/a\.md" is in something that is no directory; give/,

  'run --export-csv full/run.json': /--export-csv: "full\/run\.json" is the name of a file of a run; give a file/,
  'run --export-csv a --export-markdown ./a': /--export-markdown: ".\/a" is the file of --export-csv too; give another/,
  'run --clientss 3': /unknown option '--clientss' \(Did you mean --clients\?\); see pvw run --help$/,
  'run --client 3': /^pvw: --client: "3" is unknown; give lean or library$/,
  'run --load-processes 0': /--load-processes: "0" is not allowed; give a whole number from 1 to 256$/,
  'run --rate': /option '--rate <number>' argument missing; see pvw run --help$/,
  rnu: /unknown command 'rnu' \(Did you mean run\?\); see pvw --help$/,
  'report nowhere': /run: "nowhere" holds no run .*; give the directory of a run/,
  report: /run: there is none in results\/; give the directory of a run/,
  'report full': /run: "full" holds no run .*; give the directory of a run/,
  'report no-json': /no-json\/run\.json: is damaged \(not valid JSON\)$/,
  'report not-a-run': /not-a-run\/run\.json: is damaged \(name: /,
  'report newer': /newer\/run\.json: has schema version 99, this pvw reads versions 1 and 2/,
  'list everything': /list: "everything" is unknown; give scenarios, transports, profiles, links, figures or schemas$/,
  'list scenarios transports': /too many arguments for 'list'\. .*; see pvw list --help$/,
  'list --schema': /--schema: only scenarios have one; give pvw list scenarios --schema$/,
  'run bad.yaml': /: bad\.yaml:2:1: "clinets" is unknown \(did you mean clients\?\); give name, /,
  'run bad.ts': /: bad\.ts: name: "5" is not allowed; give 1 to 64 lower-case letters/,
  'run none.yaml': /: none\.yaml: cannot be read \(ENOENT\); give a scenario file, or a name that pvw list shows$/,
  'run ./chat-room': /: \.\/chat-room: is no scenario file; give one that ends in \.yaml, /,
  'run /dev/zero.yaml': /: \/dev\/zero\.yaml: cannot be read \(ENOENT\)/,
  'run small.yaml --channels 61': /--channels: "61" is not allowed; give at most 60, one per client of small$/,
  'run small.yaml --payload-bytes 5': /--payload-bytes: "5" is too small for quotes of small; give a whole number from/,
  predict: /predict: give --clients and --rate, or a scenario: a name that pvw list shows, or a file$/,
  'predict --clients 5': /predict: give --clients and --rate, or a scenario: /,
  'predict --rate 5': /predict: give --clients and --rate, or a scenario: /,
  'predict chat-rom': /scenario: "chat-rom" is unknown \(did you mean chat-room\?\); give chat-room, /,
  'predict ticker presence': /too many arguments for 'predict'.*; see pvw predict --help$/,
  'predict two.mjs': /two\.mjs: has 2 scenarios; give a file with one$/,
  'predict small.yaml --channels 61': /--channels: "61" is not allowed; give at most 60, one per client of small$/,
  'predict ticker --http 2':
    /--http: 2 is outside of the model, .* bytes of polls would come out about twice .*; measure it: pvw run --http 2$/,
  'predict ticker --compression':
    /--compression: is outside of the model, .* bytes down would come out too large.*; measure it: pvw run --compression$/,
  'predict crowd': /scenario: crowd has broadcasts, .* latency would come out too short; measure it with pvw run$/,
  'predict ticker --payload 99 --payload-bytes 99': /--payload: is the same as --payload-bytes; give one of them$/,
  'predict ticker --payload 0': /--payload: "0" is not allowed; give a whole number from 1 to/,
  'predict ticker --staleness 9ms': /--staleness: "9ms" is not allowed; give a duration from 10ms to 10m/,
  'predict ticker --semantics newest':
    /--semantics: "newest" is unknown \(did you mean latest\?\); give every or latest$/,
  'predict ticker --from nothing': /--from: "nothing" holds no run .*; give the directory of a run/,
  'predict ticker --from no-json': /no-json\/run\.json: is damaged \(not valid JSON\)$/,
  'predict ticker --from cut.json': /cut\.json: is damaged \(not valid JSON\)$/,
  'predict ticker --from later.json': /later\.json: has calibrationVersion 9, .*; make a new one: npx pvw calibrate$/,
  'predict ticker --from hand.json --tls':
    /hand\.json: this path was not calibrated; calibrate it: npx pvw calibrate --tls$/,
  'predict ticker --from hand.json --tls --proxy nginx --cookie-bytes 9':
    /hand\.json: this path was not calibrated; calibrate it: npx pvw calibrate --tls --proxy nginx$/,
  'predict ticker --from hand.json --prices cheapest':
    /--prices: "cheapest" is unknown; give aws, .*, or a file that ends in \.yaml, \.yml or \.json$/,
  'predict ticker --from hand.json --prices nowhere.yaml':
    /--prices: nowhere\.yaml: cannot be read \(ENOENT\); give a pri/,
  'predict ticker --page a.html --export-markdown a.html': /--page: .* is the file of --export-markdown too/,
  sweep: /sweep: give a scenario: a name that pvw list shows, or a file$/,
  'sweep chat-room': /--over: give what varies and its values, such as clients=100,300,1000$/,
  'sweep chat-room --over client=1,2':
    /--over: "client" is unknown \(did you mean clients\?\); give clients, channels, /,
  'sweep chat-room --over clients=9':
    /--over clients: "9" is not allowed; give from 2 to 40 values, separated by commas$/,
  'sweep chat-room --over clients=60,70 --clients 80': /--clients: is what --over clients varies; leave it out$/,
  'sweep chat-room --over channels=6,900': /--over: at 900 channels: --channels: "900" is not allowed; give at most /,
  'sweep ticker --over rate=1,2 --trace broken-trace': /--over: rate cannot vary beside --trace, /,
  'sweep two.mjs --over rate=1,2': /sweep: two\.mjs has 2 scenarios; give a file with one$/,
  'sweep chat-room --over clients=60,70 --within 1m':
    /--over: 40 trials at 2 points take about .* more than 1 min; give /,
  'sweep --resume nowhere': /--resume: "nowhere" holds no run .*; give the directory of a run/,
  'sweep --resume no-json': /no-json\/run\.json: is damaged \(not valid JSON\)$/,
  'init-scenario': /missing required argument 'file'; see pvw init-scenario --help$/,
  'init-scenario bad.yaml': /file: "bad\.yaml" exists; give a new file that ends in \.yaml or \.yml, /,
  'init-scenario notes.txt': /file: "notes\.txt" is not allowed; give a new file that ends in \.yaml or \.yml, /,
  'init-scenario nowhere/a.yaml': /file: "nowhere\/a\.yaml" cannot be written \(ENOENT\); give a new file/,
  'compare full': /missing required argument 'b'; see pvw compare --help$/,
  'compare nowhere full': /a: "nowhere" holds no run .*; give the directory of a run/,
  'compare no-json full': /no-json\/run\.json: is damaged \(not valid JSON\)$/,
  'compare a b --fail-on sse.stale<5%':
    /--fail-on: "sse\.stale<5%" has <; give \[scenario\/\]transport\.figure, > and a perc/,
  'compare a b --fail-on sse.stale>5ms': /--fail-on: "sse\.stale>5ms" has no percentage; give \[scenario/,
  'compare a b --fail-on sse.stael>5%':
    /--fail-on: "stael" is an unknown figure \(did you mean stale\?\); give a figure/,
};

/** These also run through bin/pvw.js as a user starts it. The others skip that start, which takes a second. */
const asTyped = ['rnu', 'run bad.ts'];

const before = snapshot();

describe('refused with one line and exit code 2', () => {
  for (const [line, complaint] of Object.entries(cases)) {
    test(`pvw ${line}`, async () => assertRefused(await command.ask(...line.split(' ')), complaint));
  }
});

describe('bin/pvw.js refuses them in the same way', { concurrency: 2 }, () => {
  for (const line of asTyped) {
    test(`bin/pvw.js ${line}`, async () => assertRefused(await typed(line.split(' ')), cases[line]!));
  }
});

function assertRefused({ code, stdout, stderr }: Told, complaint: RegExp): void {
  assert.equal(stderr.split('\n').length, 2, `one line, not: ${stderr}`);
  assert.match(stderr.trimEnd(), complaint);
  assert.ok(stderr.startsWith('pvw: '));
  assert.deepEqual([code, stdout], [2, '']);
  assert.deepEqual(snapshot(), before, 'nothing is written');
}

function snapshot(): readonly string[] {
  return readdirSync(home, { recursive: true, encoding: 'utf8' }).sort();
}

function typed(words: readonly string[]): Promise<Told> {
  return new Promise((ended) => {
    execFile(process.execPath, [pvw, ...words], { cwd: home }, (error, stdout, stderr) => {
      ended({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}
