/** A part of a form that is folded away until it is asked for; the arrow says that there is more. */
import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';

interface DisclosureProps {
  readonly label: string;
  readonly className?: string;
  readonly children: ReactNode;
}

export function Disclosure({ label, className = '', children }: DisclosureProps) {
  return (
    <details className={`group/disclosure ${className}`}>
      <summary className="flex h-11 cursor-pointer list-none items-center justify-between text-sm font-medium text-accent [&::-webkit-details-marker]:hidden">
        {label}
        <ChevronRight
          size={16}
          aria-hidden
          className="mr-1 transition-transform duration-150 group-open/disclosure:rotate-90"
        />
      </summary>
      {children}
    </details>
  );
}
