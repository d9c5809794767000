import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { readBlocks, type StreamBlock } from '../../src/client/event-stream.js';
import { turn } from './support/browser.js';

const encode = (text: string) => new TextEncoder().encode(text);

/** The blocks of a stream that arrives in chunks which end at these bytes. */
async function read(stream: Uint8Array, cuts: readonly number[] = []): Promise<StreamBlock[]> {
  const ends = [...cuts].sort((a, b) => a - b);
  const chunks = [...ends, stream.length].map((end, index) => stream.slice(ends[index - 1] ?? 0, end));
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  const blocks: StreamBlock[] = [];
  await readBlocks(
    body,
    (block) => blocks.push(block),
    () => {},
  );
  return blocks;
}

describe('an event stream', () => {
  it.each([
    ['an event', 'event: session.opened\nid: 7\ndata: {}\n\n', [{ event: 'session.opened', id: '7', data: '{}' }]],
    ['data of several lines', 'data: one\ndata\ndata:  two\n\n', [{ data: 'one\n\n two' }]],
    ['data with colons', 'data:a:b: c\n\n', [{ data: 'a:b: c' }]],
    ['data with separators of Unicode', 'data: a\u2028b\u2029c\u0085d\n\n', [{ data: 'a\u2028b\u2029c\u0085d' }]],
    ['a comment', ':\n: still here\ndata: x\n\n', [{ data: 'x' }]],
    ['a block without data', 'retry: 2000\nid: 5\n\n', [{ retry: '2000', id: '5' }]],
    ['a byte order mark', '\uFEFFdata: x\n\n', [{ data: 'x' }]],
    ['a mark that is part of the data', 'data: \uFEFFx\n\n', [{ data: '\uFEFFx' }]],
    ['lines ended by CR', 'data: x\rid: 1\r\rdata: y\r\r:', [{ data: 'x', id: '1' }, { data: 'y' }]],
    ['lines ended by CR and LF', 'data: x\r\nid: 1\r\n\r\n', [{ data: 'x', id: '1' }]],
    ['a block that is not complete', 'data: x\n\ndata: y\n', [{ data: 'x' }]],
    ['an empty field', 'data\nid:\n\n', [{ data: '', id: '' }]],
  ])('with %s is taken apart', async (_what, stream, blocks) => {
    expect(await read(encode(stream))).toEqual(blocks);
  });

  it('gives a block as soon as its last line has ended, and tells of each chunk', async () => {
    for (const end of ['\n\n', '\r\n\r\n']) {
      const heard: unknown[] = [];
      const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
      void readBlocks(
        readable,
        (block) => heard.push(block),
        () => heard.push('alive'),
      );
      await writable.getWriter().write(encode(`data: x${end}`));
      await turn();
      expect(heard).toEqual(['alive', { data: 'x' }]);
    }
  });

  it('is the same however its bytes are cut', () => {
    const value = fc.string({ unit: 'binary', maxLength: 12 }).map((text) => text.replaceAll(/[\r\n]/g, '·'));
    const line = fc.oneof(
      fc
        .tuple(fc.constantFrom('event', 'data', 'id', 'retry', 'more'), value)
        .map(([name, text]) => `${name}: ${text}`),
      value.map((text) => `:${text}`),
      fc.constant(''),
    );
    const stream = fc
      .array(fc.tuple(line, fc.constantFrom('\n', '\r', '\r\n')), { maxLength: 30 })
      .map((lines) => encode(lines.flat().join('')));
    return fc.assert(
      fc.asyncProperty(stream, fc.array(fc.nat(400), { maxLength: 40 }), async (bytes, cuts) => {
        const whole = await read(bytes);
        expect(
          await read(
            bytes,
            cuts.filter((cut) => cut <= bytes.length),
          ),
        ).toEqual(whole);
        expect(await read(bytes, [...bytes.keys()])).toEqual(whole);
      }),
    );
  });

  it('tells what was written into it', () => {
    const text = fc.string({ unit: 'binary', maxLength: 40 }).map((given) => given.replaceAll(/\p{Surrogate}/gu, ''));
    return fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 8 }), fc.constantFrom('\n', '\r', '\r\n'), async (texts, end) => {
        const written = texts.map((one) => `event: e${end}data: ${JSON.stringify(one)}${end}${end}`).join('');
        // What ends in CR is known to have ended with what comes after it.
        const blocks = await read(encode(`${written}:`));
        expect(blocks.map(({ data = '' }) => JSON.parse(data))).toEqual(texts);
      }),
    );
  });
});
