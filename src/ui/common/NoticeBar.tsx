/** Where notices appear. One without an action goes by itself; problems stay longer. */
import { X } from 'lucide-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { IconButton } from './Button';
import { dismissNotice, notices } from './notices';

const SECONDS = { info: 4, problem: 9 } as const;

export function NoticeBar() {
  const notice = useStore(notices, ({ current }) => current);
  useEffect(() => {
    if (!notice || notice.action) return;
    const timer = setTimeout(dismissNotice, SECONDS[notice.kind] * 1000);
    return () => clearTimeout(timer);
  }, [notice]);
  return (
    <div
      role="status"
      aria-label="Notices"
      className="pointer-events-none fixed inset-x-0 top-[68px] z-40 flex justify-center px-4"
    >
      {notice && (
        <div
          key={notice.id}
          className={`pointer-events-auto flex max-w-[520px] items-center gap-2 rounded-2xl border bg-card py-1 pr-1 pl-4 text-sm shadow-float ${
            notice.kind === 'problem' ? 'border-bad/40' : 'border-line'
          }`}
        >
          <p className="py-2">{notice.text}</p>
          {notice.action && (
            <button
              type="button"
              className="h-11 shrink-0 rounded-lg px-3 font-semibold text-accent"
              onClick={() => {
                notice.action?.run();
                dismissNotice();
              }}
            >
              {notice.action.label}
            </button>
          )}
          <IconButton label="Dismiss" onClick={dismissNotice}>
            <X size={16} aria-hidden />
          </IconButton>
        </div>
      )}
    </div>
  );
}
