const INTERVAL = 30_000;

/**
 * Calls `beat` every half minute while the page is visible, and `wake` when it becomes visible or when the network
 * comes or goes.
 */
export function startPulse(beat: () => void, wake: () => void): () => void {
  const isVisible = () => document.visibilityState === 'visible';
  const timer = setInterval(() => isVisible() && beat(), INTERVAL);
  const listening = new AbortController();
  const { signal } = listening;
  for (const type of ['visibilitychange', 'online', 'offline']) {
    addEventListener(type, () => isVisible() && wake(), { signal });
  }
  return () => {
    clearInterval(timer);
    listening.abort();
  };
}
