// The one live stream of the console. Screens listen for the events they care about; events are thin,
// so a listener fetches its resource again (debounced) instead of believing the event's few fields.

import { Debounced } from '$lib/debounce';
import { LiveStream } from '$lib/sse.svelte';

/** What is told to listeners; `back` means that a lost link is back and anything may have changed. */
export type FeedEvent = 'order' | 'offer' | 'menu' | 'restaurant' | 'courier' | 'courier_changed' | 'courier_dark' | 'application' | 'document' | 'shift' | 'back';

type Listener = (event: FeedEvent, data: unknown) => void;

class Feed {
  stream = new LiveStream('/events', {
    onevent: (event, data) => this.#tell(event as FeedEvent, data),
    onback: () => this.#tell('back', null),
  });
  #listeners = new Set<Listener>();

  /** Hears every event until the returned function is called. */
  listen = (listener: Listener): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Runs `reload` soon after any of `events`, and after a lost link is back. Returns the end of it. */
  refresh(events: FeedEvent[], reload: () => void, quietMs = 400): () => void {
    const soon = new Debounced(reload, quietMs);
    const stop = this.listen((event) => {
      if (event === 'back' || events.includes(event)) soon.nudge();
    });
    return () => {
      stop();
      soon.cancel();
    };
  }

  #tell(event: FeedEvent, data: unknown): void {
    for (const listener of this.#listeners) listener(event, data);
  }
}

/** The stream of this page. */
export const feed = new Feed();
