import { createHash } from 'node:crypto';
import { dayOf } from '../pricing/month.ts';
import type { Invoice, InvoiceLine } from './invoice.ts';

const STYLE = `
body { font: 11pt/1.5 system-ui, sans-serif; max-width: 48rem; margin: 3rem auto; padding: 0 1rem; color: #171b24; background: #fff }
h1 { font-size: 20pt; letter-spacing: -.02em; margin: 0 0 1.5rem; padding-bottom: 1rem; border-bottom: 3px solid #2f52c9 }
table { border-collapse: collapse; width: 100%; margin-top: 2.5rem }
th, td { text-align: left; padding: .55rem .4rem; border-bottom: 1px solid #d9dee6 }
thead th { color: #5a6372; font-size: 9.5pt }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums }
tr { break-inside: avoid }
/* Otherwise the total would stand at the foot of each page. */
tfoot { display: table-row-group }
tfoot td { font-weight: bold; font-size: 12pt; border-bottom: 3px double #171b24 }
@page { size: A4; margin: 20mm; @bottom-right { content: counter(page) " / " counter(pages) } }
@media print { body { margin: 0; max-width: none } }
`;

const styleHash = createHash('sha256').update(STYLE).digest('base64');

/** Its own style, by its hash, and nothing else; kept by no cache. */
export const INVOICE_PAGE_HEADERS = {
  'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};

/** The invoice as a page to print: no script, no address outside of itself. */
export const invoicePage = (state: Invoice): string => {
  const { currency = '' } = state.total ?? {};
  const money = (amount: number) => escaped(formatMoney(amount, currency));
  const rows = (state.lines ?? []).map((line) => row(line, state.period ?? '', money)).join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Invoice ${escaped(state.number ?? 'draft')}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Invoice ${escaped(state.number ?? '(draft)')}</h1>
<p>${factsOf(state).map(escaped).join('<br>')}</p>
<table>
<thead><tr><th>Plan</th><th>Item</th><th class="n">Units</th><th class="n">Price</th><th class="n">Amount</th></tr></thead>
<tbody>
${rows}
</tbody>
<tfoot><tr><td colspan="4">Total</td><td class="n">${money(state.total?.amount ?? 0)}</td></tr></tfoot>
</table>
</body>
</html>
`;
};

/** What is above the lines; a draft and a void invoice say that nobody need pay them. */
const factsOf = ({ displayName = '', period = '', status, issuedAt, paidAt, reason }: Invoice): string[] => [
  `For ${displayName}`,
  `Period ${period}`,
  ...(issuedAt === undefined ? [] : [`Issued ${dayOf(issuedAt)} by Cadastre`]),
  ...(status === 'draft' ? ['Draft: not an invoice yet, and not to be paid'] : []),
  ...(status === 'void' ? [`Void, not to be paid: ${reason ?? ''}`] : []),
  ...(status === 'paid' && paidAt !== undefined ? [`Paid ${dayOf(paidAt)} from the prepaid balance`] : []),
  ...(status === 'issued' ? ['Open: the prepaid balance does not cover it yet'] : []),
];

const row = (
  { plan, meter, month, units, unitPrice, amount }: InvoiceLine,
  period: string,
  money: (n: number) => string,
) => {
  const name = meter === 'base' ? 'base fee' : meter;
  const late = month === period ? '' : ` (adjustment for ${month})`;
  const cells = [units.toLocaleString('en'), money(unitPrice), money(amount)];
  return `<tr><td>${escaped(plan)}</td><td>${escaped(name + late)}</td>${cells.map((cell) => `<td class="n">${cell}</td>`).join('')}</tr>`;
};

/** Minor units as the currency writes them: of the yen there are none. */
const formatMoney = (amount: number, currency: string): string => {
  if (currency === '') return String(amount);
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
};

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string) => text.replace(/[&<>"']/g, (one) => ENTITIES[one] ?? one);
