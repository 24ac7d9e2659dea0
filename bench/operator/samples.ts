/** One line of a Prometheus text. */
export type Sample = { readonly labels: Readonly<Record<string, string>>; readonly value: number };

/** The samples of one metric. Labels with escaped quotes are not needed here and not understood. */
export const samplesOf = (text: string, metric: string): Sample[] =>
  text.split('\n').flatMap((line) => {
    if (!line.startsWith(`${metric}{`)) return [];
    const end = line.lastIndexOf('}');
    const pairs = line.slice(metric.length + 1, end).matchAll(/(\w+)="([^"]*)"/g);
    const labels = Object.fromEntries([...pairs].map(([, name = '', value = '']) => [name, value]));
    return [{ labels, value: Number(line.slice(end + 1)) }];
  });

export const sumOf = (text: string, metric: string, counts: (labels: Sample['labels']) => boolean): number =>
  samplesOf(text, metric)
    .filter(({ labels }) => counts(labels))
    .reduce((sum, { value }) => sum + value, 0);
