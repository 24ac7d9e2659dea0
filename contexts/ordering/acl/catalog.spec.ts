import { deepEqual, equal } from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { simulate } from '../../../kit/context/simulate.ts';
import { catalog } from '../../catalog/contract.ts';
import { ordering } from '../context.ts';
import { item } from '../item.ts';
import { toItem } from './catalog.ts';

const price = { amount: 900, currency: 'EUR' };
const cup = { sku: 'cup', name: 'Cup', price, availableQuantity: 3 };
const { ProductListed, ProductSnapshot, PriceChanged } = catalog.events;
const told = (type: { type: string }, data: unknown) => ({ type: type.type, subject: 'product/cup', data });

describe('the anticorruption layer towards the catalog', () => {
  it('turns a product into an item that keeps its sku as an opaque reference', () => {
    deepEqual(toItem(cup), { itemId: 'cup', name: 'Cup', unitPrice: price, reference: 'cup' });
  });

  for (const type of [ProductListed, ProductSnapshot]) {
    it(`offers the item on ${type.type}`, () => {
      const context = simulate(ordering);
      context.receive(told(type, cup));
      deepEqual(context.stateOf(item.key('cup')), { status: 'offered', ...toItem(cup) });
    });
  }

  it('reprices the item on price-changed', () => {
    const context = simulate(ordering);
    const dearer = { amount: 950, currency: 'EUR' };
    context.receive(told(ProductListed, cup));
    context.receive(told(PriceChanged, { sku: 'cup', price: dearer }));
    deepEqual(context.stateOf(item.key('cup')), { status: 'offered', ...toItem({ ...cup, price: dearer }) });
  });

  it('needs of a product only what it reads', () => {
    const context = simulate(ordering);
    const { availableQuantity: _, ...part } = cup;
    context.receive(told(ProductListed, { ...part, colour: 'red' }));
    equal(context.stateOf(item.key('cup')).status, 'offered');
  });

  it('is the only place in ordering where the catalog’s words appear', async () => {
    const folder = new URL('../', import.meta.url);
    const files = (await readdir(folder, { recursive: true })).filter(
      (file) => /\.(ts|md)$/.test(file) && !file.startsWith('acl'),
    );
    for (const file of files) {
      const text = await readFile(new URL(file, folder), 'utf8');
      equal(
        /\bsku|product|price-?changed|stock-?changed|available_?quantity/i.exec(text)?.[0],
        undefined,
        file,
      );
    }
  });
});
