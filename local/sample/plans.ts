import { readFile } from 'node:fs/promises';
import { parseAllDocuments } from 'yaml';
import { type PlanSpec, planKind, planSpec } from '../../operator/api/plan.ts';

/** By name. */
export type SamplePlans = ReadonlyMap<string, PlanSpec>;

/** Those of samples/plans.yaml, with the defaults that the API server would fill in. */
export const samplePlans = async (): Promise<SamplePlans> => {
  const yaml = await readFile(new URL('../../samples/plans.yaml', import.meta.url), 'utf8');
  const objects = parseAllDocuments(yaml).map((document) => document.toJS());
  return new Map(
    objects
      .filter(({ kind }) => kind === planKind.kind)
      .map(({ metadata, spec }) => [String(metadata.name), planSpec.parse(spec)]),
  );
};
