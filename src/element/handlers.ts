import type { SessionView } from '../wire.js';

/** What the buttons of the element do. `opener` is the button, which gets the focus back. */
export interface Handlers {
  /** Rejects if it failed. */
  rename(view: SessionView, name: string): Promise<void>;
  signOut(view: SessionView, opener: HTMLElement): void;
  signOutOthers(opener: HTMLElement): void;
  signOutAll(opener: HTMLElement): void;
  /** Shows more devices. */
  more(): void;
  retry(): void;
}
