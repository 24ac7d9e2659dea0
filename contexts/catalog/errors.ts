import { DomainError } from '../../kit/aggregate/errors.ts';

/** Cause: the sku was never listed in this tenant. Normal. List it with PUT, or correct the sku. */
export const productNotFound = (sku: string) =>
  new DomainError('product-not-found', `no product ${sku} is listed; list it with PUT /v1/products/${sku}`, {
    sku,
  });

type Currencies = { readonly sku: string; readonly listed: string; readonly asked: string };

/** Cause: a price in another currency than the product's. Normal. Keep the currency, or list another sku. */
export const currencyMismatch = ({ sku, listed, asked }: Currencies) =>
  new DomainError(
    'currency-mismatch',
    `product ${sku} is priced in ${listed}, not ${asked}; keep its currency or list another sku`,
    { sku, listed, asked },
  );

export const statuses = { 'product-not-found': 404, 'currency-mismatch': 409 } as const;
