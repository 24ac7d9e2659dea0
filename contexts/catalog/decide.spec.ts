import { deepEqual, throws } from 'node:assert/strict';
import { decide, release, reserve } from './decide.ts';
import { type Product, type ProductData, type ProductEvent, product } from './product.ts';

const aProduct = (overrides: Partial<ProductData> = {}): ProductData => ({
  sku: 'cup',
  name: 'Cup',
  price: { amount: 900, currency: 'EUR' },
  availableQuantity: 5,
  ...overrides,
});
const listed = (overrides: Partial<ProductData> = {}): Product => ({
  status: 'listed',
  ...aProduct(overrides),
});
const put = (wanted: ProductData, state: Product) => decide({ type: 'PutProduct', product: wanted }, state);
const typesOf = (events: readonly ProductEvent[] = []) => events.map(({ type }) => type);

describe('putting a product', () => {
  describe('when it is not listed', () => {
    it('lists it with all its data', () => {
      deepEqual(put(aProduct(), product.initialState()), [{ type: 'ProductListed', data: aProduct() }]);
    });
  });

  describe('when it is listed', () => {
    it('says nothing if nothing differs', () => {
      deepEqual(put(aProduct(), listed()), []);
    });
    it('says the price alone if that differs', () => {
      const price = { amount: 950, currency: 'EUR' };
      deepEqual(put(aProduct({ price }), listed()), [{ type: 'PriceChanged', data: { sku: 'cup', price } }]);
    });
    it('says price and stock if both differ', () => {
      const wanted = aProduct({ price: { amount: 1, currency: 'EUR' }, availableQuantity: 0 });
      deepEqual(typesOf(put(wanted, listed())), ['PriceChanged', 'StockChanged']);
    });
    it('tells the whole product again if the name differs', () => {
      const wanted = aProduct({ name: 'Mug', availableQuantity: 1 });
      deepEqual(put(wanted, listed()), [{ type: 'ProductListed', data: wanted }]);
    });
    it('refuses another currency', () => {
      const wanted = aProduct({ price: { amount: 900, currency: 'USD' } });
      throws(() => put(wanted, listed()), { code: 'currency-mismatch' });
    });
    it('becomes what was put, whatever it was', () => {
      const wanted = aProduct({ name: 'Mug', price: { amount: 2, currency: 'EUR' }, availableQuantity: 9 });
      deepEqual(put(wanted, listed()).reduce(product.evolve, listed()), { status: 'listed', ...wanted });
    });
  });
});

describe('the snapshot of a product', () => {
  it('makes a joining consumer know all of it', () => {
    deepEqual(product.snapshot?.(listed()), { type: 'ProductSnapshot', data: aProduct() });
  });
  it('is not there of an unlisted one', () => {
    deepEqual(product.snapshot?.(product.initialState()), undefined);
  });
});

describe('reserving', () => {
  const cups = { sku: 'cup', quantity: 5 };
  const pans = { sku: 'pan', quantity: 1 };

  it('takes all lines from stock', () => {
    const stock = { reservation: { status: 'none' }, products: [listed(), listed({ sku: 'pan' })] } as const;
    deepEqual(reserve('o1', [cups, pans], stock), {
      reservation: [{ type: 'StockReserved', data: { orderId: 'o1', lines: [cups, pans] } }],
      products: [
        [{ type: 'StockChanged', data: { sku: 'cup', availableQuantity: 0 } }],
        [{ type: 'StockChanged', data: { sku: 'pan', availableQuantity: 4 } }],
      ],
    });
  });
  it('takes nothing and names what is short if one line cannot be had', () => {
    const stock = {
      reservation: { status: 'none' },
      products: [listed({ availableQuantity: 4 }), listed()],
    } as const;
    const short = [{ reference: 'cup', asked: 5, available: 4 }];
    deepEqual(reserve('o1', [cups, pans], stock), {
      reservation: [{ type: 'ReservationRefused', data: { orderId: 'o1', reason: 'out-of-stock', short } }],
    });
  });
  it('finds nothing of an unknown sku', () => {
    const stock = { reservation: { status: 'none' }, products: [product.initialState()] } as const;
    const [refused] = reserve('o1', [pans], stock).reservation ?? [];
    deepEqual(refused?.type, 'ReservationRefused');
  });
  it('holds what it holds already', () => {
    const stock = { reservation: { status: 'reserved', lines: [cups] }, products: [listed()] } as const;
    deepEqual(reserve('o1', [cups], stock), {});
  });
});

describe('releasing', () => {
  const cups = { sku: 'cup', quantity: 2 };

  it('gives back what is held', () => {
    const stock = { reservation: { status: 'reserved', lines: [cups] }, products: [listed()] } as const;
    deepEqual(release('o1', [cups], stock), {
      reservation: [{ type: 'StockReleased', data: { orderId: 'o1' } }],
      products: [[{ type: 'StockChanged', data: { sku: 'cup', availableQuantity: 7 } }]],
    });
  });
  for (const status of ['none', 'refused', 'released'] as const) {
    it(`gives nothing back when the reservation is ${status}`, () => {
      deepEqual(release('o1', [cups], { reservation: { status }, products: [listed()] }), {});
    });
  }
});
