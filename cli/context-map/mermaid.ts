import type { BoundedContext } from '../../operator/api/bounded-context.ts';
import { type Arrow, arrowsOf, missingContexts } from './relations.ts';
import { shortened } from './table.ts';

/** Words of Mermaid's own, which break a flowchart as the name of a node. */
const RESERVED = new Set([
  'call',
  'class',
  'classdef',
  'click',
  'default',
  'direction',
  'end',
  'flowchart',
  'graph',
  'href',
  'interpolate',
  'linkstyle',
  'style',
  'subgraph',
]);

const nodeOf = (name: string): string => {
  const word = name.replaceAll(/[^a-zA-Z0-9]/g, '_');
  return RESERVED.has(word.toLowerCase()) ? `${word}_` : word;
};

/** The map as a Mermaid flowchart (https://mermaid.js.org/syntax/flowchart.html); arrows go the way of the events. */
export const mapMermaid = (contexts: readonly BoundedContext[]): string => {
  const missing = missingContexts(contexts);
  const lines = [
    ...contexts.map(({ metadata: { name }, spec }) => `${nodeOf(name)}["${name} ${spec.version}"]`),
    ...missing.map((name) => `${nodeOf(name)}["${name} does not exist"]:::missing`),
    ...arrowsOf(contexts).map(arrowText),
    ...(missing.length > 0 ? ['classDef missing stroke-dasharray: 4'] : []),
  ];
  return ['flowchart LR', ...lines.map((line) => `  ${line}`)].join('\n');
};

const arrowText = ({ upstream, downstream, relation, via, reads, isOneSided }: Arrow): string => {
  const isMutual = relation === 'Partnership' && !isOneSided;
  const events = reads.map((type) => (isMutual ? type : shortened(type, upstream)));
  const title = isOneSided ? 'Partnership, one-sided' : relation;
  const label = [title, ...(via === 'rest' ? ['REST'] : []), ...events].join('<br/>');
  return `${nodeOf(upstream)} ${isMutual ? '<-->' : '-->'}|"${label}"| ${nodeOf(downstream)}`;
};
