/**
 * Catches what breaks below it, so that the rest of the screen stays. A part of the app that does not load (the device
 * is offline, or the app was updated meanwhile) ends here too. The work is saved as it is made, so reloading is safe.
 */
import { Component, type ReactNode } from 'react';
import { Button } from './Button';

interface ErrorBoundaryProps {
  /** What is missing, as the beginning of a sentence: "The Lab". */
  readonly what: string;
  readonly className: string;
  readonly children: ReactNode;
}

export class ErrorBoundary extends Component<ErrorBoundaryProps, { readonly message: string | undefined }> {
  override readonly state = { message: undefined };

  static getDerivedStateFromError(error: unknown) {
    return { message: error instanceof Error ? error.message : String(error) };
  }

  override render() {
    const { message } = this.state;
    if (message === undefined) return this.props.children;
    return (
      <section
        role="alert"
        aria-label={this.props.what}
        className={`flex flex-wrap items-center justify-center gap-3 bg-card p-4 text-sm ${this.props.className}`}
      >
        <p className="max-w-[440px]">
          {this.props.what} could not be shown ({message}). Your network and its weights are saved; reload to
          go on.
        </p>
        <Button onClick={() => location.reload()}>Reload</Button>
      </section>
    );
  }
}
