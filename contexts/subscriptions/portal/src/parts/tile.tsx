import type { ComponentChildren } from 'preact';
import type { Tone } from './badge.tsx';

export const Tiles = ({ children }: { readonly children: ComponentChildren }) => (
  <dl class="tiles">{children}</dl>
);

type TileProps = {
  readonly title: string;
  readonly value: string;
  readonly tone?: Tone;
  readonly children?: ComponentChildren;
};

export const Tile = ({ title, value, tone = 'plain', children }: TileProps) => (
  <div class="tile">
    <dt>{title}</dt>
    <dd class={`big ${tone}`}>{value}</dd>
    {children && <dd class="hint">{children}</dd>}
  </div>
);
