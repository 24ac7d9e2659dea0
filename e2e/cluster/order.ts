import assert from 'node:assert/strict';
import { asCustomers } from './accounts.ts';
import { tenantOf } from './kubectl.ts';
import { until } from './steps.ts';

const asked = async <T>(url: string, init: RequestInit): Promise<T> => {
  const response = await fetch(url, init);
  assert.ok(response.ok, `${url} answers ${response.status}: ${await response.clone().text()}`);
  return (await response.json()) as T;
};

/** Lists a product, orders it, and waits for the shipment: through the front door, with a login key of the tenant. */
export const orderAndShipment = async (tenant: string): Promise<void> => {
  const { id } = await tenantOf(tenant);
  await asCustomers([id], async ({ url, keys }) => {
    const authorization = `Bearer ${keys.get(id)?.key}`;
    const headers = { 'content-type': 'application/json', authorization };
    const ask = <T>(path: string, method = 'GET', body?: object) =>
      asked<T>(`${url}/api/${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    const sku = `teapot-${Date.now()}`;
    const product = { name: 'Teapot', price: { amount: 7_200, currency: 'EUR' }, availableQuantity: 40 };
    await until('catalog takes a product', () => ask(`catalog/v1/products/${sku}`, 'PUT', product));
    const order = { customer: 'ada', lines: [{ itemId: sku, quantity: 2 }] };
    const { orderId } = await until('ordering knows the product', () =>
      ask<{ orderId: string }>('ordering/v1/orders', 'POST', order),
    );
    await until('the shipment is scheduled', async () => {
      const { items } = await ask<{ items: unknown[] }>(`shipping/v1/shipments?order=${orderId}`);
      return items.length === 1;
    });
  });
};
