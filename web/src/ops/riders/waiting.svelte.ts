// How much waits for a decision: new applications, and documents that riders handed in later.

import { api } from '$lib/api/client';
import type { Application, CourierDocument, Page } from '$lib/api/types';
import { feed } from '../feed.svelte';

const MOST = 100;

class Waiting {
  applications = $state(0);
  documents = $state(0);

  /** Counts now and whenever something moves, until the returned function is called. */
  watch = (): (() => void) => {
    void this.count();
    return feed.refresh(['application', 'document'], this.count);
  };

  count = async (): Promise<void> => {
    const [applied, documents] = await Promise.all([
      api.get<Page<Application>>('/couriers/applications', { state: 'applied', limit: MOST }).catch(() => null),
      api.get<Page<CourierDocument>>('/couriers/documents', { limit: MOST }).catch(() => null),
    ]);
    if (applied) this.applications = applied.items.length;
    if (documents) this.documents = documents.items.length;
  };
}

export const waiting = new Waiting();
