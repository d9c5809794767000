import type { NearCopies, NearCopyMetrics } from './near-copies.js';

/** What the checks did in this process. Inject it and hand its figures to your metrics. */
export class RevocationMetrics {
  constructor(private readonly near: NearCopies | undefined) {}

  /** Of the near copies; undefined where `revocation.nearCopy` is off. */
  nearCopy(): NearCopyMetrics | undefined {
    return this.near?.metrics();
  }
}
