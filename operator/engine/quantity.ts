/** In billionths, the finest that Kubernetes keeps. https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity */
const NANO: Readonly<Record<string, bigint>> = {
  n: 1n,
  u: 10n ** 3n,
  m: 10n ** 6n,
  '': 10n ** 9n,
  k: 10n ** 12n,
  M: 10n ** 15n,
  G: 10n ** 18n,
  T: 10n ** 21n,
  P: 10n ** 24n,
  E: 10n ** 27n,
  Ki: 10n ** 9n * 2n ** 10n,
  Mi: 10n ** 9n * 2n ** 20n,
  Gi: 10n ** 9n * 2n ** 30n,
  Ti: 10n ** 9n * 2n ** 40n,
  Pi: 10n ** 9n * 2n ** 50n,
  Ei: 10n ** 9n * 2n ** 60n,
};

const FORM = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d{1,2})|([numkMGTPE]|[KMGTPE]i)?)$/;

/** A quantity as a number of billionths; undefined for what is none. */
export const nanoOf = (value: unknown): bigint | undefined => {
  const [, sign, whole = '', fraction = '', exponent = '0', suffix = ''] = FORM.exec(String(value)) ?? [];
  const unit = NANO[suffix];
  if (unit === undefined || whole + fraction === '') return undefined;
  const shift = Number(exponent) - fraction.length;
  const digits = BigInt(whole + fraction) * unit * (sign === '-' ? -1n : 1n);
  return shift >= 0 ? digits * 10n ** BigInt(shift) : digits / 10n ** BigInt(-shift);
};

/** `1000m` is `1`, and `0.5Gi` is `512Mi`: the API server answers in a form of its own. */
export const isSameQuantity = (one: unknown, other: unknown): boolean => {
  const nano = nanoOf(one);
  return nano !== undefined && nano === nanoOf(other);
};
