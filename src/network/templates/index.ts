/** The list of templates, in the order of the menu. */
import { lenet } from './lenet';
import type { Template } from './template';

export type { Template } from './template';

export const templates: readonly Template[] = [lenet];
