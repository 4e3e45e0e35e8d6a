/** The frame of a number: minus, what is in between, plus. */
import { Minus, Plus } from 'lucide-react';
import type { ReactNode } from 'react';

interface StepperProps {
  label: string;
  children: ReactNode;
  /** Undefined where a step would leave the limits. */
  onDecrease: (() => void) | undefined;
  onIncrease: (() => void) | undefined;
}

export function Stepper({ label, children, onDecrease, onIncrease }: StepperProps) {
  const button =
    'grid size-11 place-items-center text-accent transition-colors hover:bg-soft disabled:text-faint disabled:opacity-40';
  return (
    <span className="relative flex h-11 items-stretch overflow-hidden rounded-[10px] border border-line bg-card focus-within:border-accent">
      <button
        type="button"
        className={button}
        aria-label={`Decrease ${label}`}
        disabled={!onDecrease}
        onClick={onDecrease}
      >
        <Minus size={16} aria-hidden />
      </button>
      <span className="flex items-center border-x border-line">{children}</span>
      <button
        type="button"
        className={button}
        aria-label={`Increase ${label}`}
        disabled={!onIncrease}
        onClick={onIncrease}
      >
        <Plus size={16} aria-hidden />
      </button>
    </span>
  );
}
