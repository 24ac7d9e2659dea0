const paths = {
  bars: 'M5 20v-7m5 7V5m5 15v-9m5 9V8',
  wallet: 'M3 7a2 2 0 0 1 2-2h12v3M3 7v10a2 2 0 0 0 2 2h15V8H5a2 2 0 0 1-2-1Zm13 6.500h.01',
  key: 'M8 20a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm3-7 9-9m-4 4 3 3m-6 0 2 2',
  people:
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm-6 9c0-4 3-6 6-6s6 2 6 6m1-9a3 3 0 1 0 0-6m2 15h3c0-3-1-5-4-5.700',
  paper: 'M6 3h9l4 4v14H6V3Zm8 0v5h5M9 12h7m-7 4h7',
  layers: 'm12 3 9 5-9 5-9-5 9-5Zm-9 9 9 5 9-5m-18 4 9 5 9-5',
  leave: 'M10 4H5v16h5m4-4 4-4-4-4m4 4H9',
  lock: 'M6 11h12v9H6v-9Zm3 0V8a3 3 0 0 1 6 0v3',
  cloud: 'M4 4l16 16M9 6.500A6 6 0 0 1 18 11a4 4 0 0 1 2.500 6.500M7 8a6 6 0 0 0-1 3 4 4 0 0 0 1 8h9',
} as const;

export type IconName = keyof typeof paths;

/** Beside a text that says the same, so screen readers pass it over. */
export const Icon = ({ name }: { readonly name: IconName }) => (
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
    <path d={paths[name]} />
  </svg>
);
