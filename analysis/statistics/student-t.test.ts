import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { tQuantile, tTails } from './student-t.ts';

function near(found: number, expected: number, tolerance = 1e-12): void {
  const error = expected === 0 ? Math.abs(found) : Math.abs(found / expected - 1);
  assert.ok(error <= tolerance, `${found}, not ${expected}: ${error}`);
}

/**
 * Worked out with mpmath 1.3.0 to 250 digits, from the series of the incomplete beta function (DLMF 8.17.8) and
 * Newton's steps, until P(T < t) agreed to 60 digits. `p` is the double nearest to the decimal shown.
 */
const shares = [1e-6, 0.025, 0.3, 0.500001, 0.75, 0.975, 0.9995, 1 - 1e-6];
const quantiles: readonly (readonly [degrees: number, t: readonly number[]])[] = [
  [
    0.5,
    [
      -102849115631.63402, -164.55767348048852, -1.0095258786071661, 3.7081493547348682e-6, 1.5537739740300374,
      164.55767348048823, 411396.46252626204, 102849115625.71901,
    ],
  ],
  [
    1,
    [
      -318309.8861827435, -12.706204736174705, -0.7265425280053609, 3.1415926536904674e-6, 1, 12.706204736174694,
      636.6192487687897, 318309.88617359026,
    ],
  ],
  [
    1.5,
    [
      -5219.469324706946, -6.0166631044279315, -0.6517954826023571, 2.9348322154920773e-6, 0.8725946625415706,
      6.016663104427928, 82.84744670366369, 5219.469324606886,
    ],
  ],
  [
    2,
    [
      -707.1057205259339, -4.302652729749464, -0.6172133998483676, 2.82842712483318e-6, 0.816496580927726,
      4.302652729749462, 31.599054576445365, 707.1057205157671,
    ],
  ],
  [
    50 / 17,
    [
      -111.31279000220346, -3.2187586145328835, -0.5856686778012776, 2.7250215605609535e-6, 0.7668737058073001,
      3.2187586145328826, 13.369284368536968, 111.31279000111495,
    ],
  ],
  [
    3,
    [
      -103.29946778041935, -3.1824463052837095, -0.5843897274398187, 2.7206990464340377e-6, 0.7648923284043453,
      3.1824463052837086, 12.923978636687965, 103.29946777942897,
    ],
  ],
  [
    4,
    [
      -41.577854150450975, -2.7764451051977943, -0.5686490630497055, 2.666666666747299e-6, 0.7406970841126826,
      2.7764451051977934, 8.610301581379522, 41.5778541501515,
    ],
  ],
  [
    5,
    [
      -24.771029720515944, -2.5705818356363155, -0.5594296444693608, 2.6343055242196797e-6, 0.7266868438004227,
      2.5705818356363146, 6.868826625881275, 24.77102972037249,
    ],
  ],
  [
    7.3,
    [
      -13.493523060744643, -2.345066736547704, -0.5480628979421773, 2.593686669417724e-6, 0.7095730204569911,
      2.345066736547703, 5.283211758939498, 13.493523060689595,
    ],
  ],
  [
    10,
    [
      -9.75199549094058, -2.228138851986275, -0.5415280387550157, 2.5699780350075056e-6, 0.6998120613124317,
      2.2281388519862744, 4.586893858702708, 9.751995490909854,
    ],
  ],
  [
    30,
    [
      -5.871117120418883, -2.042272456301238, -0.5300190039065045, 2.5276002261988227e-6, 0.6827556933212926,
      2.0422724563012378, 3.6459586350420627, 5.871117120408623,
    ],
  ],
  [
    100.5,
    [
      -5.047283988218428, -1.9838506553357997, -0.5260679125835611, 2.512871327187723e-6, 0.6769387584774174,
      1.9838506553357995, 3.3899805011292123, 5.047283988211535,
    ],
  ],
  [
    1000,
    [
      -4.781608620458351, -1.9623390808264085, -0.524567707309227, 2.5072550100085785e-6, 0.6747351646070094,
      1.962339080826408, 3.300282648423944, 4.781608620452438,
    ],
  ],
  [
    12_345.6,
    [
      -4.755696455665641, -1.9601561582595104, -0.5244140523956266, 2.506679034767021e-6, 0.6745096229738207,
      1.9601561582595102, 3.2913150162087783, 4.755696455659822,
    ],
  ],
  [
    1_000_000,
    [
      -4.753452348279681, -1.959966356814107, -0.5244006798602089, 2.5066289013628524e-6, 0.6744899955310873,
      1.9599663568141066, 3.2905364612487222, 4.7534523482738695,
    ],
  ],
];

for (const [degrees, expected] of quantiles) {
  test(`quantiles of t with ${degrees} degrees of freedom are those worked out with 250 digits`, () => {
    for (const [index, p] of shares.entries()) near(tQuantile(p, degrees), expected[index]!);
  });
}

/** As above: t, degrees of freedom, P(|T| ≥ t). */
const tails: readonly (readonly [t: number, degrees: number, share: number])[] = [
  [0.01, 0.5, 0.9946067436361045],
  [0.5, 0.5, 0.7573180729294366],
  [1.8, 0.5, 0.46776320717345116],
  [5, 0.5, 0.2859914031588588],
  [30, 0.5, 0.11709368298010689],
  [0.01, 50 / 17, 0.9926607724368397],
  [0.5, 50 / 17, 0.6520827667964245],
  [1.8, 50 / 17, 0.17151504908652865],
  [5, 50 / 17, 0.016134775537118905],
  [30, 50 / 17, 9.4246369542205e-5],
  [0.01, 10, 0.9922179749909714],
  [0.5, 10, 0.6278936057429729],
  [1.8, 10, 0.10205224313467902],
  [5, 10, 0.0005373336027564526],
  [30, 10, 3.961792342031324e-11],
  [0.01, 100, 0.9920412102344285],
  [0.5, 100, 0.6181735658308866],
  [1.8, 100, 0.07487589786704618],
  [5, 100, 2.4501734135038002e-6],
  [30, 100, 8.380332558688292e-52],
  [0.01, 1_000_000, 0.9920212893655477],
  [0.5, 1_000_000, 0.6170751874723713],
  [1.8, 1_000_000, 0.07186093949968336],
  [5, 1_000_000, 5.733997870890742e-7],
  [30, 1_000_000, 1.2020094233663438e-197],
];

test('both tails agree with those worked out to 250 digits, also far out', () => {
  for (const [t, degrees, share] of tails) near(tTails(t, degrees), share);
});

test('one, two and four degrees of freedom have closed forms', () => {
  for (const p of [1e-6, 0.01, 0.2, 0.4999, 0.5, 0.7, 0.975, 0.999_99]) {
    const within = 2 * p - 1;
    // tan(π(p − ½)), whose tangent loses digits close to the ends: there it is −cot(πp).
    near(tQuantile(p, 1), p < 0.25 ? -1 / Math.tan(Math.PI * p) : Math.tan(Math.PI * (p - 0.5)), 2e-11);
    near(tQuantile(p, 2), within / Math.sqrt(2 * p * (1 - p)));
    const share = 4 * p * (1 - p);
    const q = Math.cos(Math.acos(Math.sqrt(share)) / 3) / Math.sqrt(share);
    near(tQuantile(p, 4), Math.sign(p - 0.5) * 2 * Math.sqrt(Math.max(0, q - 1)), p > 0.4 && p < 0.6 ? 1e-8 : 1e-11);
  }
  for (const t of [0.01, 1, 7, 1e5]) {
    near(tTails(t, 1), (2 * Math.atan(1 / t)) / Math.PI);
    near(tTails(t, 2), 2 / (t * t + 2 + t * Math.sqrt(t * t + 2)));
  }
});

test('the printed table of Student (NIST/SEMATECH e-Handbook 1.3.6.7.2) to its three digits', () => {
  const table = [
    [1, 6.314, 12.706, 63.657],
    [3, 2.353, 3.182, 5.841],
    [10, 1.812, 2.228, 3.169],
    [30, 1.697, 2.042, 2.75],
    [100, 1.66, 1.984, 2.626],
  ] as const;
  for (const [degrees, ...expected] of table) {
    const found = [0.95, 0.975, 0.995].map((p) => Math.round(tQuantile(p, degrees) * 1000) / 1000);
    assert.deepEqual(found, expected);
  }
});

const someDegrees = fc.double({ min: 0, max: 6, noNaN: true }).map((power) => 10 ** power);
const someShare = fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true });

test('the tails outside of a quantile have the requested share', () => {
  fc.assert(
    fc.property(someShare, someDegrees, (p, degrees) => {
      const t = tQuantile(p, degrees);
      const outside = tTails(Math.abs(t), degrees);
      assert.ok(Math.abs(outside - 2 * Math.min(p, 1 - p)) <= 1e-12 * outside);
      assert.equal(Math.sign(t), Math.sign(p - 0.5));
    }),
  );
});

test('quantiles are symmetric and rise with the share; tails fall with t', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.5, max: 1 - 1e-6, noNaN: true }), someShare, someDegrees, (p, q, degrees) => {
      // 1 − p is exact from a half on.
      assert.equal(tQuantile(1 - p, degrees), -tQuantile(p, degrees) + 0);
      if (p > q + 1e-9) assert.ok(tQuantile(p, degrees) > tQuantile(q, degrees));
      const [t, farther] = [10 * p, 10 * p + 0.01];
      assert.ok(tTails(farther, degrees) < tTails(t, degrees));
    }),
  );
});

test('the ends are infinite, and invalid shares or degrees are refused', () => {
  assert.equal(tQuantile(0, 3), Number.NEGATIVE_INFINITY);
  assert.equal(tQuantile(1, 3), Number.POSITIVE_INFINITY);
  assert.equal(tQuantile(0.5, 3), 0);
  assert.equal(tTails(0, 3), 1);
  for (const [p, degrees] of [
    [-0.1, 3],
    [1.1, 3],
    [0.9, -1],
    [Number.NaN, 3],
    [0.9, 0],
    [0.9, Number.NaN],
  ] as const) {
    assert.throws(() => tQuantile(p, degrees), /^RangeError: quantile /);
  }
});
