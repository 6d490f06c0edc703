// The outbox at work. Adding an action changes the screen at once, then puts it on the disk, then tries to send.
// Sending goes strictly in order and stops at the first action that cannot be sent now; a refused one is kept with
// its reason and the rest goes on. Only one tab sends at a time, and it reads the disk again before it does.

import { asProblem } from '$lib/api/client';
import { asideTogether, forgettable, inOrder, nextToSend, outcomeOf, replacedBy, type Draft, type Entry } from './queue';
import type { EntryStore } from './store';

export interface OutboxParts {
  store: () => Promise<EntryStore>;
  /** Sends one action; resolves with the server's answer, throws ApiProblem. */
  send: (entry: Entry) => Promise<unknown>;
  onsent?: (entry: Entry, answer: unknown) => void;
  now: () => number;
  newId: () => string;
  /** Runs the work while no other tab does the same. */
  alone?: (work: () => Promise<void>) => Promise<void>;
}

export class Outbox {
  entries = $state.raw<Entry[]>([]);
  /** What stopped the last try to send. */
  trouble = $state<'none' | 'network' | 'login'>('none');
  sending = $state(false);
  /** When an answer last came, in milliseconds; 0 never. */
  lastSentAt = $state(0);
  lasting = $state(true);

  waiting = $derived(inOrder(this.entries).filter((entry) => entry.state === 'waiting'));
  refused = $derived(inOrder(this.entries).filter((entry) => entry.state === 'refused'));
  /** Nothing is left that the server has not agreed to. */
  clear = $derived(this.waiting.length === 0 && this.refused.length === 0);

  #parts: OutboxParts;
  #store: EntryStore | null = null;
  #courier = '';
  #again = false;
  #unwritten = new Map<string, Entry>();
  #settled = new Map<string, () => void>();

  constructor(parts: OutboxParts) {
    this.#parts = parts;
  }

  /** Reads what this rider left on the phone. */
  async open(courierId: string): Promise<void> {
    this.#courier = courierId;
    this.#store ??= await this.#parts.store();
    this.lasting = this.#store.lasting;
    await this.#read();
    await this.flush();
  }

  /** Saves an action. The screen may move on as soon as this is called; the promise is for "on the disk". */
  async add(draft: Draft): Promise<Entry> {
    const entry: Entry = {
      ...draft,
      id: this.#parts.newId(),
      seq: Math.max(0, ...this.entries.map((one) => one.seq)) + 1,
      courier_id: this.#courier,
      at: this.#timeOfAction(),
      state: 'waiting',
      tries: 0,
      settled_at: null,
      problem: null,
    };
    const replaced = replacedBy(draft, this.entries).map((one) => ({ ...one, state: 'aside' as const }));
    this.#show([...replaced, entry]);
    this.#unwritten.set(entry.id, entry);
    for (const one of [...replaced, entry]) await this.#write(one);
    void this.flush();
    return entry;
  }

  /** Now, but never before the action before it: the clock may be corrected between two starts of the app. */
  #timeOfAction(): string {
    const last = Math.max(0, ...this.entries.map((one) => Date.parse(one.at)));
    return new Date(Math.max(this.#parts.now(), last + 1)).toISOString();
  }

  /** Resolves when an action is no longer waiting. */
  settled(id: string): Promise<void> {
    if (this.entries.find((entry) => entry.id === id)?.state !== 'waiting') return Promise.resolve();
    return new Promise((resolve) => this.#settled.set(id, resolve));
  }

  /** Sends what can be sent. A call during a run makes the run look once more, also after a failure: whoever calls has
      reason to think that the network is back. */
  flush = async (): Promise<void> => {
    if (!this.#store || !this.#courier) return;
    if (this.sending) {
      this.#again = true;
      return;
    }
    this.sending = true;
    const alone = this.#parts.alone ?? ((work) => work());
    try {
      await alone(async () => {
        do {
          this.#again = false;
          await this.#read();
          await this.#run();
        } while (this.#again);
      });
    } finally {
      this.sending = false;
    }
  };

  async #run(): Promise<void> {
    this.trouble = 'none';
    for (let entry = nextToSend(this.entries); entry; entry = nextToSend(this.entries)) {
      const tried = { ...entry, tries: entry.tries + 1 };
      try {
        const answer = await this.#parts.send(tried);
        await this.#settle({ ...tried, state: 'sent', problem: null });
        this.lastSentAt = this.#parts.now();
        this.#parts.onsent?.(tried, answer);
      } catch (error) {
        const problem = asProblem(error);
        const outcome = outcomeOf(problem);
        if (outcome !== 'refused') {
          this.trouble = outcome === 'login' ? 'login' : 'network';
          this.#show([tried]);
          await this.#write(tried);
          return;
        }
        const { code, status, title, detail } = problem;
        await this.#settle({ ...tried, state: 'refused', problem: { code, status, title, detail } });
      }
    }
    const old = forgettable(this.entries).map((entry) => entry.id);
    await this.#store?.remove(old).catch(() => undefined);
    this.entries = this.entries.filter((entry) => !old.includes(entry.id));
  }

  /** Sends a refused action once more, with what stands on it. */
  async retry(id: string): Promise<void> {
    const entry = this.entries.find((one) => one.id === id && one.state === 'refused');
    if (!entry) return;
    const again: Entry = { ...entry, state: 'waiting', problem: null, settled_at: null };
    this.#show([again]);
    await this.#write(again);
    await this.flush();
  }

  /** Puts a refused action away, with what stands on it. It stays in the list of done ones. */
  async aside(id: string): Promise<void> {
    const entry = this.entries.find((one) => one.id === id && one.state === 'refused');
    if (!entry) return;
    const gone = asideTogether(entry, this.entries).map((one) => ({ ...one, state: 'aside' as const, settled_at: new Date(this.#parts.now()).toISOString() }));
    this.#show(gone);
    for (const one of gone) await this.#write(one);
    void this.flush();
  }

  async #settle(entry: Entry): Promise<void> {
    const done = { ...entry, settled_at: new Date(this.#parts.now()).toISOString() };
    this.#show([done]);
    await this.#write(done);
    this.#settled.get(done.id)?.();
    this.#settled.delete(done.id);
  }

  #show(changed: Entry[]): void {
    const next = new Map(this.entries.map((entry) => [entry.id, entry]));
    for (const entry of changed) next.set(entry.id, entry);
    this.entries = inOrder(next.values());
  }

  /** The disk is the truth, except for what is still on its way there. */
  async #read(): Promise<void> {
    const kept = await this.#store?.all().catch(() => null);
    if (!kept) return;
    const merged = new Map(kept.map((entry) => [entry.id, entry]));
    for (const [id, entry] of this.#unwritten) merged.set(id, entry);
    this.entries = inOrder([...merged.values()].filter((entry) => entry.courier_id === this.#courier));
  }

  async #write(entry: Entry): Promise<void> {
    this.#unwritten.set(entry.id, entry);
    try {
      await this.#store?.put(entry);
      if (this.#unwritten.get(entry.id) === entry) this.#unwritten.delete(entry.id);
    } catch {
      this.lasting = false;
    }
  }
}
