/** An answer that goes on: what a handler returns for it begins it, instead of a body. */
export class StreamedAnswer {
  constructor(readonly begin: () => void) {}
}
