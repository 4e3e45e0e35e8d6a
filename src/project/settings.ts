/** Changing the training settings of a project. */
import { checkParam, type ParamValues } from '../core/params';
import { trainingSchema } from '../training/settings';
import type { Project } from './project';

/**
 * Sets some of the training settings. Values outside their limits and unknown settings are passed over; the form says
 * what is wrong with them.
 */
export function withSettings(project: Project, settings: ParamValues): Project {
  const schema: Readonly<Record<string, Parameters<typeof checkParam>[0]>> = trainingSchema;
  const fine = Object.entries(settings).filter(
    ([key, value]) => Object.hasOwn(schema, key) && !checkParam(schema[key]!, value),
  );
  if (fine.length === 0) return project;
  return { ...project, settings: { ...project.settings, ...Object.fromEntries(fine) } };
}
