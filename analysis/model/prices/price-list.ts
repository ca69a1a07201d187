/** What a month's traffic and work come to, of one transport. All are per month (`hoursPerMonth`). */
export type MonthAmounts = {
  /** Bytes that leave the cloud, counted on the wire: clouds charge for whole IP packets. */
  readonly egressBytes: number;
  /** Messages over connections that stay open, in both directions. */
  readonly messages: Counted;
  /** HTTP requests. `meanBytes`: of what the provider measures, as a rule the body of request or answer. */
  readonly requests: Counted;
  /** Minutes for which connections were open, summed over all of them. */
  readonly connectionMinutes: number;
  /** Hours of cores, each a hardware thread. Clouds charge for those that are booked, busy or not. */
  readonly coreHours: number;
  /** GiB of memory, times the hours for which they are booked. */
  readonly gibibyteHours: number;
};

/** How many, and how large they are on average. */
export type Counted = { readonly count: number; readonly meanBytes: number };

export type AmountName = keyof MonthAmounts;

/** A month of 365 × 24 / 12 hours, as clouds count it. */
export const hoursPerMonth = 730;

const billion = 1e9;
const million = 1e6;
const gibibyte = 2 ** 30;

type UnitRow = {
  /** The amount that the unit is a measure of. */
  readonly of: AmountName;
  /** How much of the amount is one unit. */
  readonly size: number;
  /** Whether each thing counted has a size, so that it can be charged by begun blocks of bytes. */
  readonly metered?: true;
};

/** All units that a price can be for. A gigabyte is 10⁹ bytes, a gibibyte 2³⁰; clouds that write GB often mean GiB. */
export const priceUnits = {
  'egress-gigabyte': { of: 'egressBytes', size: billion },
  'egress-gibibyte': { of: 'egressBytes', size: gibibyte },
  'message-million': { of: 'messages', size: million, metered: true },
  'request-million': { of: 'requests', size: million, metered: true },
  'connection-minute-million': { of: 'connectionMinutes', size: million },
  'core-hour': { of: 'coreHours', size: 1 },
  'gibibyte-hour': { of: 'gibibyteHours', size: 1 },
} as const satisfies Readonly<Record<string, UnitRow>>;

export type PriceUnit = keyof typeof priceUnits;

/** The facts about a unit. */
export function rowOf(unit: PriceUnit): UnitRow {
  return priceUnits[unit];
}

/** What lies above the tier before, up to `upTo` units a month, costs `price` each. */
export type PriceTier = { readonly upTo: number; readonly price: number };

export type PriceItem = {
  readonly unit: PriceUnit;
  /** Of one unit, in the list's currency; with tiers, of what lies above the last. */
  readonly price: number;
  /** A message or request is charged once for each begun block of so many bytes. Missing: once, whatever its size. */
  readonly meteredBytes?: number | undefined;
  /** By rising `upTo`. */
  readonly tiers?: readonly PriceTier[] | undefined;
};

/** What one provider charges in one place. Each amount has one item at most. */
export type PriceList = {
  readonly name: string;
  /** Where the prices are from: an address, or words such as "our contract". */
  readonly source: string;
  /** ISO 8601 day on which the oldest of the prices was last confirmed. */
  readonly asOf: string;
  /** ISO 4217 code, such as USD. */
  readonly currency: string;
  /** What the prices leave out, and what about them is not confirmed. */
  readonly note?: string | undefined;
  readonly items: readonly PriceItem[];
};
