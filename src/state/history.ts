/** Undo and redo as pure functions over snapshots of the project. What is not in the project is not in the history. */
import type { Project } from '../project/project';

export interface Step {
  /** What was done: "Add Conv2D". */
  readonly label: string;
  /** The project before the step (in the past) or after it (in the future). */
  readonly project: Project;
}

export interface History {
  readonly project: Project;
  /** The latest step last. */
  readonly past: readonly Step[];
  /** The step that redo takes last. */
  readonly future: readonly Step[];
}

/** Steps that are kept; the oldest go first. Snapshots share what did not change, so a step is a few kilobytes. */
export const MAX_STEPS = 500;

/** Whether two projects are equal by value. */
export function sameProject(a: Project, b: Project): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** Makes `project` the present one by a step that can be undone. */
export function record(history: History, label: string, project: Project): History {
  const past = [...history.past, { label, project: history.project }].slice(-MAX_STEPS);
  return { project, past, future: [] };
}

/** Makes `project` the outcome of the last step; a step that ends where it began is dropped. */
export function extend(history: History, project: Project): History {
  const last = history.past.at(-1);
  if (last && sameProject(last.project, project))
    return { project: last.project, past: history.past.slice(0, -1), future: [] };
  return { project, past: history.past, future: [] };
}

/** The project of a step as it is come back to: the choices of the export are not undone with it. */
function cameBack(from: Project, { project: to }: Step): Project {
  // Another project brings its own choices.
  return from.id === to.id && from.coreml ? { ...to, coreml: from.coreml } : to;
}

/** One step back; undefined at the beginning. */
export function stepBack({ project, past, future }: History): History | undefined {
  const step = past.at(-1);
  if (!step) return undefined;
  return {
    project: cameBack(project, step),
    past: past.slice(0, -1),
    future: [...future, { label: step.label, project }],
  };
}

/** One step forward; undefined at the end. */
export function stepForward({ project, past, future }: History): History | undefined {
  const step = future.at(-1);
  if (!step) return undefined;
  return {
    project: cameBack(project, step),
    past: [...past, { label: step.label, project }],
    future: future.slice(0, -1),
  };
}
