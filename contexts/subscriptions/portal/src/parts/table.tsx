import type { ComponentChildren } from 'preact';
import type { List } from '../use-list.ts';
import { Failure } from './controls.tsx';

type Column<Item> = {
  readonly title: string;
  readonly cell: (item: Item) => ComponentChildren;
  readonly isFigure?: boolean;
};

type TableProps<Item> = {
  readonly caption: string;
  readonly list: List<Item>;
  readonly idOf: (item: Item) => string;
  readonly columns: readonly Column<Item>[];
  readonly whenEmpty: string;
};

const Rows = <Item,>({ list, idOf, columns, caption }: TableProps<Item>) => (
  // A region with a name, which the keyboard reaches: narrow screens scroll it sideways.
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
  <section class="scroll rows" aria-label={caption} tabIndex={0}>
    <table>
      <caption>{caption}</caption>
      <thead>
        <tr>
          {columns.map(({ title, isFigure }) => (
            <th key={title} scope="col" class={isFigure ? 'figure' : ''}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {list.items?.map((item) => (
          <tr key={idOf(item)}>
            {columns.map(({ title, cell, isFigure }, index) =>
              index === 0 ? (
                <th key={title} scope="row">
                  {cell(item)}
                </th>
              ) : (
                <td key={title} data-title={title} class={isFigure ? 'figure' : ''}>
                  {cell(item)}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);

export const Table = <Item,>(props: TableProps<Item>) => {
  const { list, whenEmpty } = props;
  return (
    <>
      <Failure text={list.failure} />
      {list.items === undefined && !list.failure && <p>Loading …</p>}
      {list.items?.length === 0 && <p class="card empty">{whenEmpty}</p>}
      {list.items !== undefined && list.items.length > 0 && <Rows {...props} />}
      {list.more && (
        <button type="button" onClick={list.more}>
          Show more
        </button>
      )}
    </>
  );
};
