/** Things that many need, each only at times: lent to one after the other. */
export type Spares<Item> = {
  readonly take: () => Item;
  /** To be called at most once after each `take`; what is not given back is simply dropped. */
  readonly giveBack: (item: Item) => void;
};

/** After a burst the rest is dropped. */
const mostSpares = 16;

/** The one given back last is taken first: it is the one in the cache. */
export function createSpares<Item>(create: () => Item): Spares<Item> {
  const spares: Item[] = [];
  return {
    take: () => spares.pop() ?? create(),
    giveBack: (item) => {
      if (spares.length < mostSpares) spares.push(item);
    },
  };
}
