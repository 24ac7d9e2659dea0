/** A product as `PUT /v1/products/{sku}` takes it. */
export type SampleProduct = {
  readonly sku: string;
  readonly name: string;
  readonly price: { readonly amount: number; readonly currency: 'EUR' };
  readonly availableQuantity: number;
};

type Family = {
  readonly finishes: readonly string[];
  /** Name → price in cents of the plainest finish. */
  readonly goods: Readonly<Record<string, number>>;
};

/** The stock of a household shop: each family's goods come in each of its finishes. */
const FAMILIES: readonly Family[] = [
  {
    finishes: ['Chalk', 'Sand', 'Moss', 'Slate', 'Ochre', 'Indigo', 'Terracotta', 'Soot'],
    goods: {
      'espresso cup': 900,
      mug: 1400,
      'cereal bowl': 1600,
      'dinner plate': 1900,
      'milk jug': 2400,
      'serving bowl': 3900,
      vase: 4500,
      teapot: 5900,
    },
  },
  {
    finishes: ['Beech', 'Maple', 'Ash', 'Oak', 'Cherry', 'Olive', 'Walnut'],
    goods: {
      'cooking spoon': 700,
      'chopping board': 2600,
      'bread bin': 4900,
      'serving tray': 3400,
      'picture frame': 2200,
      'wall shelf': 6400,
      'coat rack': 7900,
      stool: 11_900,
    },
  },
  {
    finishes: ['Natural', 'Flax', 'Rose', 'Olive green', 'Rust', 'Navy', 'Charcoal'],
    goods: {
      napkin: 800,
      'tea towel': 1100,
      'oven glove': 1500,
      apron: 2900,
      'cushion cover': 2700,
      'table runner': 3300,
      tablecloth: 5400,
      throw: 8900,
    },
  },
  {
    finishes: ['Enamel', 'Steel', 'Brass', 'Copper', 'Cast-iron'],
    goods: {
      'measuring spoon': 600,
      colander: 2900,
      'candle holder': 1900,
      'watering can': 3200,
      saucepan: 5200,
      kettle: 6900,
      'frying pan': 5600,
      'table lamp': 9800,
    },
  },
];

/** The same products on each run, so that a kept landscape is not loaded twice. */
export const sampleProducts = (): SampleProduct[] =>
  FAMILIES.flatMap(({ finishes, goods }) =>
    Object.entries(goods).flatMap(([good, plainest], row) =>
      finishes.map((finish, column) => ({
        sku: slug(`${finish} ${good}`),
        name: `${finish} ${good}`,
        price: {
          amount: plainest + Math.round((plainest * column * 4) / 10_000) * 100,
          currency: 'EUR' as const,
        },
        availableQuantity: 20 + ((row * 37 + column * 53) % 180),
      })),
    ),
  );

const slug = (name: string) => name.toLowerCase().replaceAll(' ', '-');
