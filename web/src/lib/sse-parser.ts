// The text format of server-sent events (HTML standard, section 9.2.6), fed in pieces as the network gives them.

/** One event as it was sent. `id` is the last id seen, also when this event had none. */
export interface SseMessage {
  event: string;
  data: string;
  id: string | null;
}

/** Makes a parser: give it text in any pieces, get the events that became complete. */
export class SseParser {
  #rest = '';
  #event = '';
  #data: string[] = [];
  #lastId: string | null = null;
  /** The waiting time the server asked for with `retry:`, in milliseconds. */
  retryMs: number | null = null;

  push(text: string): SseMessage[] {
    const messages: SseMessage[] = [];
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const message = this.#line(line);
      if (message) messages.push(message);
    }
    return messages;
  }

  #line(line: string): SseMessage | null {
    if (line === '') return this.#dispatch();
    if (line.startsWith(':')) return null;
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.#event = value;
    if (field === 'data') this.#data.push(value);
    if (field === 'id' && !value.includes('\0')) this.#lastId = value;
    if (field === 'retry' && /^\d+$/.test(value)) this.retryMs = Number(value);
    return null;
  }

  #dispatch(): SseMessage | null {
    const complete = this.#data.length > 0;
    const message = { event: this.#event || 'message', data: this.#data.join('\n'), id: this.#lastId };
    this.#event = '';
    this.#data = [];
    return complete ? message : null;
  }
}
