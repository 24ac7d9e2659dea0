import type { BoundedContext } from '../../operator/api/bounded-context.ts';
import type { Fault } from '../../operator/api/fault.ts';
import { settle } from '../../operator/bounded-context/settle.ts';
import { columns, wrapped } from '../columns.ts';

/** What the operator would say of one context once it has come to rest. */
export type Finding = {
  readonly name: string;
  readonly version: string;
  /** The version that was released before, if there was one. */
  readonly before?: string;
  /** The version that runs then; absent when none does. */
  readonly released?: string;
  /** All that is wrong; the first is what its conditions say. */
  readonly faults: readonly Fault[];
};

/** Released versions, and the new ones that are to take their place; whoever has no new version goes on as it is. */
export const proposed = (
  contexts: readonly BoundedContext[],
  released: readonly BoundedContext[],
): BoundedContext[] => {
  const names = new Set(contexts.map(({ metadata }) => metadata.name));
  const running = new Map(released.map((one) => [one.metadata.name, statusOf(one)]));
  const changed = contexts.map((context) => {
    const status = running.get(context.metadata.name);
    return status === undefined ? context : { ...context, status };
  });
  const kept = released.filter(({ metadata }) => !names.has(metadata.name));
  return [...changed, ...kept.map((one) => ({ ...one, status: statusOf(one) }))];
};

const statusOf = ({ spec, status }: BoundedContext) => ({ conditions: [], released: spec, ...status });

export const findingsOf = (contexts: readonly BoundedContext[]): Finding[] => {
  const before = new Map(contexts.map(({ metadata, status }) => [metadata.name, status?.released?.version]));
  return settle(contexts).map(
    ({
      context: {
        metadata: { name },
        spec,
      },
      released,
      faults,
    }) => {
      const earlier = before.get(name);
      return {
        name,
        version: spec.version,
        ...(earlier !== undefined && { before: earlier }),
        ...(released && { released: released.version }),
        faults,
      };
    },
  );
};

export const isFine = ({ faults }: Finding): boolean => faults.length === 0;

const WIDTH = 100;

export const findingsText = (findings: readonly Finding[]): string => {
  const lines = columns(findings.map((one) => [one.name, one.version, outcomeOf(one)])).split('\n');
  const whole = findings.flatMap(({ faults }, index) => [
    lines[index] ?? '',
    ...faults.flatMap(({ reason, message }) => [...indented(`${reason}: ${message}.`), '']),
  ]);
  const fine = findings.filter(isFine).length;
  const sum =
    fine === findings.length
      ? `All ${fine} contexts fit the map.`
      : `${findings.length - fine} of ${findings.length} contexts would not be released.`;
  return `${whole.join('\n').trimEnd()}\n\n${sum}`;
};

const indented = (text: string): string[] => wrapped(text, WIDTH - 4).map((line) => `    ${line}`);

const outcomeOf = ({ version, before, released, faults }: Finding): string => {
  const follows = before === undefined || before === version ? '' : `, and takes the place of ${before}`;
  if (faults.length === 0) return `fits${follows}`;
  if (released === undefined) return 'does not fit; none of its versions would run';
  return released === version ? 'does not fit; goes on as it is' : `does not fit; ${released} goes on`;
};
