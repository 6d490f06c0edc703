// Where saved actions live: IndexedDB, so that they survive a closed tab and an empty battery. Browsers without it
// (some private windows) get a list in memory, and the screen says that the page must stay open.

import type { Entry } from './queue';

export interface EntryStore {
  /** False if closing the page loses what is in it. */
  readonly lasting: boolean;
  all(): Promise<Entry[]>;
  put(entry: Entry): Promise<void>;
  remove(ids: string[]): Promise<void>;
}

const NAME = 'dabba-rider';
const TABLE = 'outbox';

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB failed'));
  });
}

function finished(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => reject(transaction.error ?? new Error('IndexedDB failed'));
    transaction.onabort = () => reject(transaction.error ?? new Error('IndexedDB stopped'));
  });
}

class DatabaseStore implements EntryStore {
  readonly lasting = true;
  #database: IDBDatabase;

  constructor(database: IDBDatabase) {
    this.#database = database;
  }

  all(): Promise<Entry[]> {
    return settled(this.#database.transaction(TABLE).objectStore(TABLE).getAll() as IDBRequest<Entry[]>);
  }

  /** Resolves when the entry is on the disk, not only in the queue of the browser. */
  async put(entry: Entry): Promise<void> {
    const transaction = this.#database.transaction(TABLE, 'readwrite', { durability: 'strict' });
    transaction.objectStore(TABLE).put(entry);
    await finished(transaction);
  }

  async remove(ids: string[]): Promise<void> {
    if (ids.length === 0) return;
    const transaction = this.#database.transaction(TABLE, 'readwrite');
    for (const id of ids) transaction.objectStore(TABLE).delete(id);
    await finished(transaction);
  }
}

/** A store that lasts as long as the page. */
export class MemoryStore implements EntryStore {
  readonly lasting = false;
  #entries = new Map<string, Entry>();

  async all(): Promise<Entry[]> {
    return [...this.#entries.values()].map((entry) => ({ ...entry }));
  }

  async put(entry: Entry): Promise<void> {
    this.#entries.set(entry.id, { ...entry });
  }

  async remove(ids: string[]): Promise<void> {
    for (const id of ids) this.#entries.delete(id);
  }
}

/** Opens the store of this phone. */
export async function openStore(): Promise<EntryStore> {
  try {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(TABLE, { keyPath: 'id' });
    return new DatabaseStore(await settled(request));
  } catch {
    return new MemoryStore();
  }
}
