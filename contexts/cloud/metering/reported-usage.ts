export const USAGE_HEADER = 'x-cadastre-usage';

const REPORT = /^([a-z][a-z0-9-]{0,39})=(\d{1,15})$/;
/** What the front door counts itself. */
const OWN = new Set(['requests', 'bytes']);

/** What a context reports: `letters=2, pages=7`. What is not understood, or not a context's to count, is left out. */
export const reportedUsage = (header: string | string[] | undefined): { meter: string; units: number }[] => {
  if (header === undefined) return [];
  return String(header)
    .split(',')
    .flatMap((part) => {
      const [, meter = '', units = '0'] = REPORT.exec(part.trim()) ?? [];
      const isReport = meter !== '' && Number(units) > 0 && !OWN.has(meter);
      return isReport ? [{ meter, units: Number(units) }] : [];
    });
};
