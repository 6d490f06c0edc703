// The addresses of the rider face. Work is always at its root: what is shown there follows from shift, offer and job.

import { Router } from '$lib/router.svelte';

export const router = new Router<'work' | 'outbox' | 'money' | 'papers' | 'shifts' | 'apply'>(
  '/rider',
  [['/', 'work'], ['/outbox', 'outbox'], ['/money', 'money'], ['/papers', 'papers'], ['/shifts', 'shifts'], ['/apply', 'apply']],
  'work',
);
