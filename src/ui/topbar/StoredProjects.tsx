/** The part of the templates menu that leads back to stored work: recent projects, and what was kept aside. */
import { Menu } from '@base-ui/react/menu';
import { Clock, FileWarning } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Project } from '../../project/project';
import { listSetAside, recentProjects, type SetAside } from '../../project/storage';
import { fitNetwork } from '../canvas/view';
import { downloadFile } from '../common/saveFile';
import { useStores } from '../stores';

const MOST = 4;

/** A kept-aside project as a file, as it was found. */
export function setAsideFile(raw: unknown): File {
  return new File([JSON.stringify(raw, undefined, 2)], 'set-aside.layerpad.json', {
    type: 'application/json',
  });
}

/** Rendered while the menu is open, so that it shows what is stored now. */
export function StoredProjects({ itemClass }: { itemClass: string }) {
  const { editor } = useStores();
  const [recent, setRecent] = useState<readonly Project[]>([]);
  const [aside, setAside] = useState<readonly SetAside[]>([]);

  useEffect(() => {
    let open = true;
    // Storage that does not answer is told where work is saved; here it only has nothing to offer.
    void Promise.all([recentProjects(), listSetAside()]).then(
      ([projects, kept]) => {
        if (!open) return;
        const { id } = editor.getState().project;
        setRecent(projects.filter((one) => one.id !== id && one.network.nodes.length > 0).slice(0, MOST));
        setAside(kept);
      },
      () => undefined,
    );
    return () => {
      open = false;
    };
  }, [editor]);

  if (recent.length + aside.length === 0) return null;
  return (
    <>
      <Menu.Separator className="mx-3 my-1 h-px bg-line" />
      {recent.map((project) => (
        <Menu.Item
          key={project.id}
          className={itemClass}
          onClick={() => {
            editor.getState().replaceProject(project);
            fitNetwork();
          }}
        >
          <Clock size={18} aria-hidden className="shrink-0 text-mute" />
          <span className="truncate">Open {project.name}</span>
        </Menu.Item>
      ))}
      {aside.map(({ raw, reason, at }) => (
        <Menu.Item
          key={at}
          className={itemClass}
          aria-description={reason}
          onClick={() => downloadFile(setAsideFile(raw))}
        >
          <FileWarning size={18} aria-hidden className="shrink-0 text-warn" />
          <span>Save the project kept aside on {new Date(at).toLocaleDateString()}</span>
        </Menu.Item>
      ))}
    </>
  );
}
