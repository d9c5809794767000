import type { NearCopies, NearCopyMetrics } from './near-copies.js';

/** What the checks of this process have done. Inject it and pass its figures to your metrics. */
export class RevocationMetrics {
  constructor(private readonly near: NearCopies | undefined) {}

  /** The figures of the near copies; undefined without `revocation.nearCopy`. */
  nearCopy(): NearCopyMetrics | undefined {
    return this.near?.metrics();
  }
}
