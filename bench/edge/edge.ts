import type { Bench } from '../ground.ts';
import { append } from './append.ts';
import { consumption } from './consumption.ts';
import { decide } from './decide.ts';
import { invoices } from './invoices.ts';
import { keyTakeover } from './key-takeover.ts';
import { keys } from './keys.ts';
import { lock } from './lock.ts';
import { million } from './million.ts';
import { rates } from './rates.ts';

/** In this order: those on one landscape first, then, on quiet servers, those that stand alone. */
export const edge: readonly Bench[] = [
  keys,
  lock,
  consumption,
  rates,
  keyTakeover,
  invoices,
  append,
  decide,
  million,
];
