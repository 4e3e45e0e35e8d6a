/** Hands the project over as one file: its network and settings, without weights. */
import type { Project } from '../../project/project';
import { notify } from '../common/notices';
import { canShareFile, downloadFile, fileName, shareFile } from '../common/saveFile';

export async function shareProject(project: Project): Promise<void> {
  const file = new File([JSON.stringify(project, undefined, 2)], fileName(project.name, '.layerpad.json'), {
    type: 'application/json',
  });
  try {
    if (canShareFile(file)) {
      await shareFile(file);
      return;
    }
  } catch {
    // The share sheet took the file's type but not the file; a download always works.
  }
  downloadFile(file);
  notify({ kind: 'info', text: `${file.name} is saved. Templates opens it again.` });
}
