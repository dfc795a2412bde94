/** The folder that the paths of entry points start from. Nothing else of the desk may depend on where the sources lie. */
import { join } from 'node:path';

export const PROJECT_ROOT = join(import.meta.dirname, '..', '..');
