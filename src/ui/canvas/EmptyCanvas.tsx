/** What an empty canvas offers: the reference network, or the first layer. */
import { useEditor } from '../stores';
import { Button } from '../common/Button';
import { templates } from '../../network/templates';
import { fitNetwork } from './view';

export function EmptyCanvas() {
  const loadTemplate = useEditor((editor) => editor.loadTemplate);
  const addLayer = useEditor((editor) => editor.addLayer);
  return (
    <div className="pointer-events-none absolute inset-0 grid place-items-center p-6">
      <div className="pointer-events-auto flex max-w-[340px] flex-col items-center gap-2 text-center">
        <h2 className="text-xl font-semibold tracking-tight">Start a network</h2>
        <p className="mb-3 text-mute">
          Tap layers in the palette; each goes below the one before. Or begin with a network that works.
        </p>
        {templates.map((template) => (
          <Button
            key={template.id}
            variant="primary"
            className="w-full"
            onClick={() => {
              loadTemplate(template.id);
              fitNetwork();
            }}
          >
            Open {template.label}
          </Button>
        ))}
        <Button className="w-full" onClick={() => addLayer('input', {})}>
          Add an Input layer
        </Button>
      </div>
    </div>
  );
}
