/** The top bar: the project, its history, and the three ways out: share, export, train. */
import { Play, Share } from 'lucide-react';
import { datasetOf } from '../../datasets';
import { Button } from '../common/Button';
import { HistoryButtons } from '../common/HistoryButtons';
import { numberWords } from '../common/format';
import { openExport } from '../export/openExport';
import { useEditor } from '../stores';
import { ProjectName } from './ProjectName';
import { shareProject } from './shareProject';
import { TemplatesMenu } from './TemplatesMenu';
import { useTrainHere } from './useTrainHere';

export function TopBar() {
  const project = useEditor((editor) => editor.project);
  const trainHere = useTrainHere();
  const dataset = datasetOf(project.datasetId)!;
  return (
    <header className="flex h-14 shrink-0 items-center gap-1.5 overflow-x-auto border-b border-line bg-card px-2 medium:px-3.5">
      <svg aria-hidden viewBox="0 0 26 26" className="mr-1 hidden size-[26px] shrink-0 medium:block">
        <defs>
          <linearGradient id="mark" x1="0" y1="0" x2="1" y2="1">
            <stop stopColor="#3d5afe" />
            <stop offset="1" stopColor="#7b61ff" />
          </linearGradient>
        </defs>
        <rect width="26" height="26" rx="8" fill="url(#mark)" />
        <path
          d="M7 10.2 13 7l6 3.2-6 3.2zM7 15.2l6 3.3 6-3.3"
          fill="none"
          stroke="#fff"
          strokeWidth="1.7"
          strokeLinejoin="round"
          strokeLinecap="round"
        />
      </svg>
      <ProjectName />
      <TemplatesMenu />
      <HistoryButtons className="max-medium:hidden" />
      <div className="min-w-0 flex-1 max-medium:hidden" />
      <span className="mr-2 hidden items-center gap-2 text-sm whitespace-nowrap text-mute wide:flex">
        <span aria-hidden className="size-[7px] rounded-full bg-good" />
        {dataset.label} · {numberWords(dataset.trainCount)}
      </span>
      <Button
        aria-label="Share"
        className="max-medium:border-0 max-medium:px-2"
        icon={<Share size={17} aria-hidden className="medium:hidden" />}
        onClick={() => void shareProject(project)}
      >
        <span className="hidden medium:inline">Share</span>
      </Button>
      <Button onClick={openExport} className="max-medium:px-2.5">
        Export
      </Button>
      <Button
        variant="primary"
        className="px-4 max-medium:px-3"
        icon={<Play size={15} fill="currentColor" aria-hidden className="max-medium:hidden" />}
        onClick={trainHere}
      >
        Train here
      </Button>
    </header>
  );
}
