/** One block of an event stream: its fields by name, such as `event`, `data`, `id` and `retry`. */
export type StreamBlock = Readonly<Record<string, string | undefined>>;

/**
 * Reads an event stream to its end (WHATWG HTML, section 9.2.6), however its bytes are split into chunks. `hear` is
 * called with each complete block, in which a field that occurs twice has several lines, and `alive` with each chunk. A
 * line that ends in CR at the end of a chunk waits for the next one, which may begin with its LF.
 */
export async function readBlocks(
  body: NonNullable<Response['body']>,
  hear: (block: StreamBlock) => void,
  alive: () => void,
): Promise<void> {
  const chunks = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  let block: Record<string, string> = {};
  for (;;) {
    const { done, value } = await chunks.read();
    if (done) return;
    alive();
    const lines = (rest + value).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() as string;
    for (const line of lines) {
      const [, field, text] = /([^:]*):? ?(.*)/s.exec(line) as unknown as [string, string, string];
      if (field) block[field] = field in block ? `${block[field]}\n${text}` : text;
      if (line) continue;
      hear(block);
      block = {};
    }
  }
}
