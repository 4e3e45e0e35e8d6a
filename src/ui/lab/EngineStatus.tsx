/** What trains: the engine, its device and its speed, what is wrong with others, and why those are not taken that work. */
import { ChevronRight, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Rejection } from '../../engine/choose';
import type { RunState } from '../../state/run';
import { numberWords } from '../common/format';
import { useRun } from '../stores';
import { deviceName } from './deviceName';

export function EngineStatus() {
  const run = useRun((state) => state);
  const faults = run.rejected.filter(isFault);
  return (
    <>
      <p className="text-2xs text-mute" data-testid="engine">
        {engineWords(run)}
      </p>
      {run.note && (
        <Remark className="text-mute" icon={<Info size={12} aria-hidden className="mt-px shrink-0" />}>
          {run.note}
        </Remark>
      )}
      {faults.map(({ label, reason, pinned }) => (
        <Remark
          key={label}
          className="text-warn"
          icon={<TriangleAlert size={12} aria-hidden className="mt-px shrink-0" />}
        >
          {label} is not used{pinned ? ', though it is set' : ''}: {reason}
        </Remark>
      ))}
    </>
  );
}

function Remark({ className, icon, children }: { className: string; icon: ReactNode; children: ReactNode }) {
  return (
    <p className={`mt-1 flex gap-1.5 text-2xs ${className}`}>
      {icon}
      <span>{children}</span>
    </p>
  );
}

/** What a person should see without asking: an engine that fails, lacks a layer, or was asked for. */
const isFault = ({ cause, pinned }: Rejection): boolean =>
  pinned === true || cause === 'failed' || cause === 'gap';

/** For those who ask: what became of the other engines. */
export function WhyThisEngine() {
  const { engine, measured, rejected } = useRun((state) => state);
  const others = rejected.filter((rejection) => !isFault(rejection));
  if (!engine || others.length === 0) return null;
  const untried = others.filter(({ cause }) => cause === 'untried');
  return (
    <details className="group text-2xs text-mute">
      <summary className="flex min-h-11 cursor-pointer list-none items-center gap-1 hover:text-ink">
        Why this engine
        <ChevronRight
          size={12}
          aria-hidden
          className="transition-transform duration-150 group-open:rotate-90"
        />
      </summary>
      <ul className="flex flex-col gap-1 pb-1">
        {measured !== undefined && (
          <li>
            {engine.label}: It trained {numberWords(Math.round(measured))} images a second when it was timed.
          </li>
        )}
        {others
          .filter(({ cause }) => cause !== 'untried')
          .map(({ label, reason }) => (
            <li key={label}>
              {label}: {reason}
            </li>
          ))}
        {untried.length > 0 && (
          <li>
            Not tried: {untried.map(({ label }) => label).join(', ')}. {untried[0]!.reason}
          </li>
        )}
      </ul>
    </details>
  );
}

/** "WebAssembly · 2 threads · 6,500 images/s". */
function engineWords({ candidate, engine, progress }: RunState): string {
  if (candidate !== undefined) return candidate;
  if (!engine) return 'MNIST, from this app';
  const { label, device, software } = engine;
  const name = [label, deviceName(device), software ? 'software' : '']
    .filter((part) => part !== '')
    .join(' · ');
  const speed = progress?.imagesPerSecond;
  return speed ? `${name} · ${numberWords(Math.round(speed))} images/s` : name;
}
