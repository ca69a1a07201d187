import { html, type Markup, trusted } from '../../report/markup/markup.ts';
import { linearScale, linearTicks, place, type Scale } from '../../report/markup/scale.ts';
import { surfaces, type ThemeName, transportStyles } from '../../report/markup/theme.ts';
import {
  type CostGroup,
  costGroups,
  costName,
  type Member,
  memberTitles,
} from '../../testing/evidence/perf/cost-groups.ts';
import { type EvidenceRecord, figuresOf } from './evidence-record.ts';
import { BadMarker } from './markers.ts';

const width = 860;
const margin = { left: 170, right: 64, top: 10, bottom: 44 };
const bar = { height: 15, pitch: 20 };
const title = { height: 26, baseline: 17 };

/** Medians and ranges of the rounds, in microseconds. */
type Cost = { readonly member: Member; readonly us: number; readonly lowUs: number; readonly highUs: number };
type Drawn = { readonly group: CostGroup; readonly costs: readonly Cost[]; readonly top: number };

/** CPU time of a delivery, message or request by who it is spent by, as a picture that stands alone. Throws `BadMarker`. */
export function perfChart(record: EvidenceRecord): string {
  const groups = stacked(record);
  if (groups.length === 0) throw new BadMarker('testing/evidence/records/perf.json has no costs to draw');
  const bottom = bottomOf(groups.at(-1)!);
  const height = bottom + margin.bottom;
  const highest = Math.max(...groups.flatMap(({ costs }) => costs.map(({ highUs }) => highUs)));
  const x = linearScale(highest * 1.02, margin.left, width - margin.right);
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${spoken(groups)}">
<style>${trusted(style())}</style>
<rect class="ground" width="${width}" height="${height}"/>
${grid(x, bottom)}${groups.map((group) => drawnGroup(group, x))}</svg>
`.text;
}

/** Groups with at least one cost, each below the one before. Tools that were not installed have none. */
function stacked(record: EvidenceRecord): readonly Drawn[] {
  const figures = figuresOf(record);
  let top = margin.top;
  return Object.values<CostGroup>(costGroups).flatMap((group) => {
    const costs = group.members.flatMap((member) => costOf(figures, group, member) ?? []);
    if (costs.length === 0) return [];
    const drawn = { group, costs, top };
    top = bottomOf(drawn);
    return [drawn];
  });
}

function bottomOf({ top, costs }: Drawn): number {
  return top + title.height + costs.length * bar.pitch;
}

function costOf(figures: Readonly<Record<string, number>>, group: CostGroup, member: Member): Cost | undefined {
  const name = costName(group, member);
  const us = figures[name];
  return us === undefined
    ? undefined
    : { member, us, lowUs: figures[`${name}Low`] ?? us, highUs: figures[`${name}High`] ?? us };
}

function drawnGroup({ group, costs, top }: Drawn, x: Scale): Markup {
  return html`<text class="title" x="${margin.left}" y="${top + title.baseline}">${group.title}</text>
${costs.map((cost, index) => drawnCost(cost, top + title.height + index * bar.pitch, x))}`;
}

function drawnCost({ member, us, lowUs, highUs }: Cost, top: number, x: Scale): Markup {
  const middle = top + bar.height / 2;
  const length = x.at(us) - margin.left;
  return html`<text x="${margin.left - 8}" y="${middle + 4}" text-anchor="end">${memberTitles[member]}</text>
<rect class="${kindOf(member)}" x="${margin.left}" y="${top}" width="${place(length)}" height="${bar.height}"/>
<line class="range" x1="${place(x.at(lowUs))}" x2="${place(x.at(highUs))}" y1="${middle}" y2="${middle}"/>
<text class="value" x="${place(x.at(highUs) + 6)}" y="${middle + 4}">${us.toFixed(1)}</text>
`;
}

function kindOf(member: Member): 'own' | 'library' | 'foreign' {
  if (member === 'lean' || member === 'ours') return 'own';
  return member === 'library' ? 'library' : 'foreign';
}

function grid(x: Scale, bottom: number): Markup {
  return html`${linearTicks(x).map(
    (
      tick,
    ) => html`<line class="grid" x1="${place(x.at(tick))}" x2="${place(x.at(tick))}" y1="${margin.top}" y2="${bottom + 4}"/>
<text class="tick" x="${place(x.at(tick))}" y="${bottom + 20}" text-anchor="middle">${tick}</text>
`,
  )}<text class="tick" x="${(margin.left + width - margin.right) / 2}" y="${bottom + 38}" text-anchor="middle">CPU time of each, in µs; the line is the range of the rounds</text>
`;
}

function spoken(groups: readonly Drawn[]): string {
  const said = groups.map(
    ({ group, costs }) =>
      `${group.title}: ${costs.map(({ member, us }) => `${memberTitles[member]} ${us.toFixed(1)} µs`).join(', ')}`,
  );
  return `CPU time of a delivery. ${said.join('. ')}.`;
}

function style(): string {
  return `${colours('light')}@media (prefers-color-scheme:dark){${colours('dark')}}
text{font:13px system-ui,sans-serif;fill:var(--ink)}.title{font-weight:600}.tick,.value{font-size:12px;fill:var(--muted)}
.ground{fill:var(--ground)}.grid{stroke:var(--grid)}.range{stroke:var(--ink);stroke-width:1.5}
.own{fill:var(--own)}.library{fill:var(--library)}.foreign{fill:var(--muted);fill-opacity:.45}`;
}

function colours(theme: ThemeName): string {
  const { ground, ink, muted, grid } = surfaces[theme];
  const { websocket, 'long-polling': longPolling } = transportStyles;
  const all = {
    ground,
    ink,
    muted,
    grid,
    own: websocket.color[theme],
    library: longPolling.color[theme],
  };
  return `:root{${Object.entries(all)
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(';')}}`;
}
