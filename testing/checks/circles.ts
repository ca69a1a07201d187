/** One file imports another; `Import` of `imports.ts` has this shape. */
export type Arrow = { readonly from: string; readonly to: string };

/**
 * Groups of files in which each file reaches every other through imports (strongly connected components, Tarjan 1972,
 * https://doi.org/10.1137/0201010). A file that imports itself is a group of one. Paths in each group and the groups
 * are sorted. Empty if there is no circle.
 */
export function circlesOf(arrows: readonly Arrow[]): readonly (readonly string[])[] {
  const next = targetsOf(arrows);
  return componentsOf(next)
    .filter((group) => group.length > 1 || next.get(group[0]!)!.includes(group[0]!))
    .map((group) => [...group].sort())
    .sort((a, b) => (a[0]! < b[0]! ? -1 : 1));
}

/** The longest chain of files in which each imports the next. It contains one file of each circle that it passes. */
export function longestChain(arrows: readonly Arrow[]): readonly string[] {
  const next = targetsOf(arrows);
  const chains = new Map<string, readonly string[]>();
  // `componentsOf` returns each group after the groups that it leads to.
  for (const group of componentsOf(next)) {
    const beyond = group.flatMap((file) => {
      const outside = next.get(file)!.filter((target) => !group.includes(target));
      return outside.map((target) => [file, ...chains.get(target)!]);
    });
    const longest = beyond.reduce((best, chain) => (chain.length > best.length ? chain : best), [group[0]!]);
    for (const file of group) chains.set(file, [file, ...longest.slice(1)]);
  }
  return [...chains.values()].reduce((best, chain) => (chain.length > best.length ? chain : best), []);
}

function targetsOf(arrows: readonly Arrow[]): ReadonlyMap<string, readonly string[]> {
  const next = new Map<string, Set<string>>();
  for (const { from, to } of arrows) {
    next.set(from, (next.get(from) ?? new Set()).add(to));
    if (!next.has(to)) next.set(to, new Set());
  }
  return new Map([...next].map(([file, targets]) => [file, [...targets]]));
}

/** Strongly connected components, each after those that its files lead to. */
function componentsOf(next: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const components: string[][] = [];
  const numbers = new Map<string, number>();
  const open: string[] = [];
  /** Returns the lowest number on the open path that the file leads back to. */
  const visit = (file: string): number => {
    const own = numbers.size;
    numbers.set(file, own);
    open.push(file);
    let lowest = own;
    for (const target of next.get(file) ?? []) {
      if (!numbers.has(target)) lowest = Math.min(lowest, visit(target));
      else if (open.includes(target)) lowest = Math.min(lowest, numbers.get(target)!);
    }
    if (lowest === own) components.push(open.splice(open.indexOf(file)));
    return lowest;
  };
  for (const file of next.keys()) if (!numbers.has(file)) visit(file);
  return components;
}
