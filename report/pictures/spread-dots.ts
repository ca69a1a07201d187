/**
 * Dots with the same place in time side by side: lane 0 is the innermost. With `count` above 1 it is a bar over that many
 * dots, from the first at `y` to the last at `y + height`.
 */
export type Spread = { readonly y: number; readonly height: number; readonly lane: number; readonly count: number };

/**
 * Places dots so that none covers another. `ys` ascend; dots nearer than `gap` go to different lanes. Where that takes more
 * than `mostLanes`, all dots that touch form one bar. The same heights always give the same picture.
 */
export function spreadDots(ys: readonly number[], gap: number, mostLanes: number): readonly Spread[] {
  return chainsOf(ys, gap).flatMap((chain) => {
    const lanes = lanesOf(chain, gap);
    if (Math.max(...lanes) < mostLanes)
      return chain.map((y, place) => ({ y, height: 0, lane: lanes[place]!, count: 1 }));
    return [{ y: chain[0]!, height: chain.at(-1)! - chain[0]!, lane: 0, count: chain.length }];
  });
}

/** Splits where two neighbours are at least `gap` apart. */
function chainsOf(ys: readonly number[], gap: number): readonly (readonly number[])[] {
  const chains: number[][] = [];
  for (const y of ys) {
    const chain = chains.at(-1);
    if (chain && y - chain.at(-1)! < gap) chain.push(y);
    else chains.push([y]);
  }
  return chains;
}

/** The innermost lane whose last dot is far enough above, for each dot. */
function lanesOf(chain: readonly number[], gap: number): readonly number[] {
  const lastIn: number[] = [];
  return chain.map((y) => {
    const free = lastIn.findIndex((last) => y - last >= gap);
    const lane = free < 0 ? lastIn.length : free;
    lastIn[lane] = y;
    return lane;
  });
}
