export type Tone = 'good' | 'warn' | 'bad' | 'plain';

/** What it says is in its text: its colour adds nothing. */
export const Badge = ({ tone, text }: { readonly tone: Tone; readonly text: string }) => (
  <span class={`badge ${tone}`}>{text}</span>
);
