import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { aaEvidence } from './evidence/aa.ts';
import { bytesEvidence } from './evidence/bytes.ts';
import { capturesEvidence } from './evidence/captures.ts';
import { ceilingEvidence } from './evidence/ceiling.ts';
import { clientBytesEvidence } from './evidence/client-bytes.ts';
import { cpuDecidedEvidence } from './evidence/cpu-decided-simulation.ts';
import { capacityEvidence } from './evidence/crowds/capacity.ts';
import { crowdEvidence } from './evidence/crowds/crowd.ts';
import { manyClientsEvidence } from './evidence/crowds/many-clients.ts';
import { decidedEvidence } from './evidence/decided.ts';
import { deflateMemoryEvidence } from './evidence/deflate-memory.ts';
import { directRunsEvidence } from './evidence/direct-runs.ts';
import type { Evidence, Finding } from './evidence/evidence.ts';
import { faultCampaignEvidence } from './evidence/faults/fault-campaign.ts';
import { fuzzEvidence } from './evidence/faults/fuzz.ts';
import { killsEvidence } from './evidence/faults/kills.ts';
import { nodesEvidence } from './evidence/faults/nodes.ts';
import { latenessEvidence } from './evidence/lateness.ts';
import { fiftyThousandEvidence } from './evidence/model/fifty-thousand.ts';
import { mapBordersEvidence } from './evidence/model/map-borders.ts';
import { modelEvidence } from './evidence/model/model.ts';
import { predictionEvidence } from './evidence/model/prediction.ts';
import { mutantsEvidence } from './evidence/mutants.ts';
import { omissionEvidence } from './evidence/omission.ts';
import { perfEvidence } from './evidence/perf/perf.ts';
import { quickTwiceEvidence } from './evidence/quick-twice.ts';
import { reportEvidence } from './evidence/report.ts';
import { theoryEvidence } from './evidence/theory.ts';

/**
 * `npm run evidence -- NAME … [--option …]`: measures, prints each finding and writes it to
 * `testing/evidence/records/NAME.json`. With options that measure something else it writes nothing.
 */
const all: Readonly<Record<string, Evidence>> = {
  theory: theoryEvidence,
  model: modelEvidence,
  prediction: predictionEvidence,
  'fifty-thousand': fiftyThousandEvidence,
  'map-borders': mapBordersEvidence,
  ...capacityEvidence,
  bytes: bytesEvidence,
  'many-clients': manyClientsEvidence,
  crowd: crowdEvidence,
  'client-bytes': clientBytesEvidence,
  'quick-twice': quickTwiceEvidence,
  captures: capturesEvidence,
  ceiling: ceilingEvidence,
  aa: aaEvidence,
  report: reportEvidence,
  omission: omissionEvidence,
  'deflate-memory': deflateMemoryEvidence,
  decided: decidedEvidence,
  'cpu-decided-simulation': cpuDecidedEvidence,
  lateness: latenessEvidence,
  'direct-runs': directRunsEvidence,
  mutants: mutantsEvidence,
  'fault-campaign': faultCampaignEvidence,
  fuzz: fuzzEvidence,
  kills: killsEvidence,
  nodes: nodesEvidence,
  perf: perfEvidence,
};

const words = process.argv.slice(2);
const firstOption = words.findIndex((word) => word.startsWith('-'));
const names = firstOption === -1 ? words : words.slice(0, firstOption);
const options = words.slice(names.length);
const unknown = names.find((name) => !(name in all));
if (names.length === 0 || unknown !== undefined) {
  if (unknown !== undefined) console.error(`evidence: ${unknown} is unknown`);
  for (const [name, { summary }] of Object.entries(all)) console.error(`  ${name.padEnd(22)} ${summary}`);
  process.exit(2);
}
if (options.length > 0 && !names.every((name) => all[name]!.hasOptions)) {
  console.error(`evidence: ${names.join(', ')}: no options, so no ${options[0]}`);
  process.exit(2);
}
let failed = false;
for (const name of names) {
  const findings = await all[name]!.measure((line) => console.error(line), options);
  const { isWhole = () => options.length === 0 } = all[name]!;
  if (isWhole(options)) save(name, findings);
  for (const { claim, found, holds } of findings)
    console.log(`${holds ? 'holds' : 'FAILS'}  ${claim}\n       ${found}`);
  failed ||= findings.some(({ holds }) => !holds);
}
process.exit(failed ? 1 : 0);

function save(name: string, findings: readonly Finding[]): void {
  const directory = fileURLToPath(new URL('evidence/records/', import.meta.url));
  mkdirSync(directory, { recursive: true });
  const machine = { node: process.version, cpu: cpus()[0]?.model, cores: cpus().length };
  const record = { evidence: name, measuredAt: new Date().toISOString(), machine, findings };
  writeFileSync(`${directory}${name}.json`, `${JSON.stringify(record, null, 2)}\n`);
}
