/** The app's buttons: plain, primary, and round icon buttons. All are 44 points high for a finger. */
import type { ComponentProps, ReactNode } from 'react';

type Variant = 'plain' | 'primary' | 'quiet' | 'danger';

const looks: Record<Variant, string> = {
  plain: 'border border-line bg-card hover:bg-bg',
  primary: 'bg-accent text-accent-ink font-semibold hover:brightness-110',
  quiet: 'text-mute hover:bg-bg hover:text-ink',
  danger: 'border border-line bg-card text-bad hover:bg-bad-soft',
};

interface ButtonProps extends ComponentProps<'button'> {
  variant?: Variant;
  icon?: ReactNode;
}

export function Button({ variant = 'plain', icon, className = '', children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={`flex h-11 shrink-0 items-center justify-center gap-2 rounded-[10px] px-3.5 font-medium whitespace-nowrap transition-[background,filter,opacity] duration-150 disabled:opacity-40 ${looks[variant]} ${className}`}
      {...rest}
    >
      {icon}
      {children}
    </button>
  );
}

/** A square button that shows a picture only; `label` is its accessible name and its tooltip. */
export function IconButton({
  label,
  children,
  className = '',
  ...rest
}: ComponentProps<'button'> & { label: string }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={`grid size-11 shrink-0 place-items-center rounded-[10px] text-mute transition-colors duration-150 hover:bg-bg hover:text-ink disabled:opacity-35 ${className}`}
      {...rest}
    >
      {children}
    </button>
  );
}
