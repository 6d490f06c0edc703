// The event stream format, fed in the pieces a network makes of it.
import { describe, expect, it } from 'vitest';
import { SseParser } from '$lib/sse-parser';

describe('SseParser', () => {
  it('reads event, id and data', () => {
    const parser = new SseParser();
    expect(parser.push('id: 7\nevent: order\ndata: {"a":1}\n\n')).toEqual([{ event: 'order', data: '{"a":1}', id: '7' }]);
  });

  it('waits for the rest of an event, however it is cut', () => {
    const text = 'id: 1\nevent: status\ndata: {"x":\ndata: 2}\n\n';
    for (let cut = 1; cut < text.length; cut += 1) {
      const parser = new SseParser();
      const messages = [...parser.push(text.slice(0, cut)), ...parser.push(text.slice(cut))];
      expect(messages).toEqual([{ event: 'status', data: '{"x":\n2}', id: '1' }]);
    }
  });

  it('keeps the last id for events without one', () => {
    const parser = new SseParser();
    parser.push('id: 3\ndata: a\n\n');
    expect(parser.push('event: courier\ndata: b\n\n')[0]?.id).toBe('3');
  });

  it('skips comments, empty events and unknown fields, and learns the retry time', () => {
    const parser = new SseParser();
    expect(parser.push(': hello\n\nevent: ping\n\nretry: 2500\ncolour: red\ndata\n\n')).toEqual([{ event: 'message', data: '', id: null }]);
    expect(parser.retryMs).toBe(2500);
  });

  it('takes Windows and old Mac line ends', () => {
    const parser = new SseParser();
    expect(parser.push('data: a\r\n\r\ndata: b\r\rdata: c\n\n').map((message) => message.data)).toEqual(['a', 'b', 'c']);
  });
});
