import { flatten } from './flatten.ts';
import { type Keywords, type Schema, schemaAt, schemaMapAt, schemasAt } from './keywords.ts';

const MAX_DEPTH = 20;

/** Every place that a reader's schema says something of, named as misfits name them: `lines[].quantity`. */
export const pathsRead = (reads: Keywords): ReadonlySet<string> => {
  const paths = new Set<string>(['']);
  const walk = (schema: Schema, path: string, depth: number): void => {
    paths.add(path);
    if (depth > MAX_DEPTH) return;
    for (const node of flatten(schema, reads)) {
      for (const one of [...schemasAt(node, 'anyOf'), ...schemasAt(node, 'oneOf')])
        walk(one, path, depth + 1);
      for (const [place, inner] of within(node, path)) walk(inner, place, depth + 1);
    }
  };
  walk(reads, '', 0);
  return paths;
};

const within = (node: Keywords, path: string): [string, Schema][] => {
  const elements: [string, Schema | undefined][] = [[`${path}[]`, schemaAt(node, 'items')]];
  const others: [string, Schema | undefined][] = [[join(path, '*'), schemaAt(node, 'additionalProperties')]];
  const properties = [...schemaMapAt(node, 'properties')].map(([name, one]): [string, Schema] => [
    join(path, name),
    one,
  ]);
  const positions = schemasAt(node, 'prefixItems').map((one, index): [string, Schema] => [
    `${path}[${index}]`,
    one,
  ]);
  return [...properties, ...positions, ...[...elements, ...others].flatMap(present)];
};

const present = ([path, schema]: [string, Schema | undefined]): [string, Schema][] =>
  schema === undefined ? [] : [[path, schema]];

export const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);
