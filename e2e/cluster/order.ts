import assert from 'node:assert/strict';
import { forwarded } from './forward.ts';
import { namespaceOf, tenantOf } from './kubectl.ts';
import { until } from './steps.ts';

const asked = async <T>(url: string, init: RequestInit): Promise<T> => {
  const response = await fetch(url, init);
  assert.ok(response.ok, `${url} answers ${response.status}: ${await response.clone().text()}`);
  return (await response.json()) as T;
};

/** The APIs of a cell. */
export const apisOf = (cell: string) => {
  const at = (service: string) => ({ namespace: namespaceOf(cell), service, port: 80 });
  return { catalog: at('catalog'), ordering: at('ordering'), shipping: at('shipping') };
};

/** Lists a product in a tenant's pods, orders it, and waits for the shipment. */
export const orderAndShipment = async (tenant: string): Promise<void> => {
  const { id, cell } = await tenantOf(tenant);
  const headers = { 'content-type': 'application/json', 'x-tenant': id };
  const ask = <T>(url: string, method = 'GET', body?: object) =>
    asked<T>(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  const sku = `teapot-${Date.now()}`;
  const product = { name: 'Teapot', price: { amount: 7_200, currency: 'EUR' }, availableQuantity: 40 };
  await forwarded(apisOf(cell), async ({ catalog, ordering, shipping }) => {
    await until('catalog takes a product', () => ask(`${catalog.url}/v1/products/${sku}`, 'PUT', product));
    const order = { customer: 'ada', lines: [{ itemId: sku, quantity: 2 }] };
    const { orderId } = await until('ordering knows the product', () =>
      ask<{ orderId: string }>(`${ordering.url}/v1/orders`, 'POST', order),
    );
    await until('the shipment is scheduled', async () => {
      const { items } = await ask<{ items: unknown[] }>(`${shipping.url}/v1/shipments?order=${orderId}`);
      return items.length === 1;
    });
  });
};
