import type { BoundedContext } from '../../operator/api/bounded-context.ts';
import { type Arrow, arrowsOf, missingContexts } from './relations.ts';

/**
 * An identifier of CML: letters, digits and `_`. With the ending that Context Mapper's own examples have it is never one
 * of the many keywords.
 */
const idOf = (name: string): string => {
  const pascal = name.replaceAll(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
  const word = pascal.replaceAll(/[^a-zA-Z0-9]/g, '_');
  return `${/^\d/.test(word) ? '_' : ''}${word}Context`;
};

/**
 * The map in Context Mapper's language. Roles as its validators allow them together (a supplier is no open host, its
 * customer neither conforms nor translates): https://contextmapper.org/docs/language-model/
 */
const ROLES: Record<
  Exclude<Arrow['relation'], 'Partnership'>,
  { upstream: string[]; downstream: string[] }
> = {
  CustomerSupplier: { upstream: ['U', 'S'], downstream: ['D', 'C'] },
  Conformist: { upstream: ['U'], downstream: ['D', 'CF'] },
  AnticorruptionLayer: { upstream: ['U'], downstream: ['D', 'ACL'] },
  OpenHostService: { upstream: ['U', 'OHS'], downstream: ['D'] },
};

export const mapCml = (contexts: readonly BoundedContext[]): string => {
  const missing = missingContexts(contexts);
  const names = [...contexts.map(({ metadata }) => metadata.name), ...missing];
  return [
    'ContextMap Landscape {',
    '  type = SYSTEM_LANDSCAPE',
    '  state = AS_IS',
    '',
    `  contains ${names.map(idOf).join(', ')}`,
    ...arrowsOf(contexts).map((arrow) => `\n${relationship(arrow)}`),
    '}',
    ...contexts.map((context) => `\n${boundedContext(context)}`),
    ...missing.map((name) => `\n// does not exist\nBoundedContext ${idOf(name)}`),
  ].join('\n');
};

const relationship = ({ upstream, downstream, relation, via, reads, isOneSided }: Arrow): string => {
  const technology = [
    ...(reads.length > 0 ? [`events: ${reads.join(', ')}`] : []),
    ...(via === 'rest' ? ['REST'] : []),
  ];
  const body =
    technology.length === 0 ? '' : ` {\n    implementationTechnology = "${technology.join('; ')}"\n  }`;
  const ends = (symbol: string, up: string, down: string) =>
    `  ${idOf(upstream)} ${up}${symbol}${down} ${idOf(downstream)}${body}`;
  if (relation === 'Partnership')
    return `${isOneSided ? `  // declared by ${downstream} alone\n` : ''}${ends('<->', '[P]', '[P]')}`;
  const roles = ROLES[relation];
  const published = reads.length > 0 ? ['PL'] : [];
  return ends('->', list([...roles.upstream, ...published]), list(roles.downstream));
};

const list = (roles: readonly string[]): string => `[${roles.join(',')}]`;

const boundedContext = ({ metadata: { name }, spec }: BoundedContext): string => {
  const publishes = spec.publishes.map(({ type }) => `"publishes ${type}"`);
  return [
    `BoundedContext ${idOf(name)} {`,
    '  type = SYSTEM',
    ...(publishes.length > 0 ? [`  responsibilities = ${publishes.join(',\n    ')}`] : []),
    `  implementationTechnology = "${name} ${spec.version}"`,
    '}',
  ].join('\n');
};
