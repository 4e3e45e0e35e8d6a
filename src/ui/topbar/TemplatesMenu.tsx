/** Networks to begin with, and files to open. Loading one is an edit like any other: undo brings the old one back. */
import { Menu } from '@base-ui/react/menu';
import { ChevronDown, FilePlus2, FolderOpen, LayoutTemplate } from 'lucide-react';
import { useRef } from 'react';
import { templates } from '../../network/templates';
import { fitNetwork } from '../canvas/view';
import { useOpenFile } from '../open/useOpenFile';
import { useEditor } from '../stores';
import { StoredProjects } from './StoredProjects';

const item =
  'flex min-h-11 cursor-pointer items-center gap-3 rounded-lg px-3 py-1.5 outline-none select-none data-highlighted:bg-bg';

export function TemplatesMenu() {
  const loadTemplate = useEditor((editor) => editor.loadTemplate);
  const clear = useEditor((editor) => editor.clearNetwork);
  const openFile = useOpenFile();
  const file = useRef<HTMLInputElement>(null);
  return (
    <>
      <Menu.Root>
        <Menu.Trigger
          aria-label="Templates"
          className="flex h-11 shrink-0 cursor-pointer items-center gap-1.5 rounded-[10px] border border-line bg-card px-3 font-medium hover:bg-bg max-medium:border-0 max-medium:px-2"
        >
          <LayoutTemplate size={18} aria-hidden className="medium:hidden" />
          <span className="hidden medium:inline">Templates</span>
          <ChevronDown size={14} aria-hidden className="text-faint max-medium:hidden" />
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner sideOffset={6} align="start" className="z-50">
            <Menu.Popup className="w-80 rounded-2xl border border-line bg-card p-1.5 shadow-float outline-none">
              {templates.map((template) => (
                <Menu.Item
                  key={template.id}
                  className={item}
                  label={template.label}
                  aria-description={template.documentation}
                  onClick={() => {
                    loadTemplate(template.id);
                    fitNetwork();
                  }}
                >
                  <LayoutTemplate size={18} aria-hidden className="shrink-0 text-accent" />
                  <span>
                    <span className="block font-medium">{template.label}</span>
                    <span aria-hidden className="block text-xs text-mute">
                      {template.documentation}
                    </span>
                  </span>
                </Menu.Item>
              ))}
              <Menu.Separator className="mx-3 my-1 h-px bg-line" />
              <Menu.Item className={item} onClick={clear}>
                <FilePlus2 size={18} aria-hidden className="shrink-0 text-mute" />
                Empty network
              </Menu.Item>
              <Menu.Item className={item} onClick={() => file.current?.click()}>
                <FolderOpen size={18} aria-hidden className="shrink-0 text-mute" />
                Open file…
              </Menu.Item>
              <StoredProjects itemClass={item} />
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      <input
        ref={file}
        type="file"
        // No `accept`: the iPad greys out what it has no type for, and it has none for .mlmodel.
        aria-label="File to open"
        className="hidden"
        onChange={(event) => {
          const [chosen] = event.target.files ?? [];
          event.target.value = '';
          if (chosen) void openFile(chosen);
        }}
      />
    </>
  );
}
