// The outbox: order of sending, what an answer means, and that nothing is ever lost or sent twice.

import { describe, expect, it } from 'vitest';
import { ApiProblem } from '$lib/api/client';
import type { Order } from '$lib/api/types';
import { Outbox } from '../../src/rider/outbox/outbox.svelte';
import { alreadyDone, isHeld, isOnShift, nextToSend, outcomeOf, withPending, type ActionKind, type Draft, type Entry } from '../../src/rider/outbox/queue';
import { MemoryStore } from '../../src/rider/outbox/store';
import { at, order, START } from './orders';

const draft = (kind: ActionKind, orderId: string | null = 'h24', body: Record<string, unknown> = {}): Draft => ({ kind, path: `/${kind}`, body, order_id: orderId, number: orderId?.toUpperCase() ?? null });
const problem = (status: number, code: string): ApiProblem => new ApiProblem({ status, code, title: code });

/** A phone with an outbox: the server is a function that may throw, the disk outlives the app. */
function phone(disk = new MemoryStore()) {
  const sent: Entry[] = [];
  const world = { answer: (_entry: Entry): unknown => ({}), ids: 0, now: START };
  const start = async (): Promise<Outbox> => {
    const outbox = new Outbox({
      store: async () => disk,
      send: async (entry) => {
        const answer = world.answer(entry);
        sent.push(entry);
        return answer;
      },
      now: () => (world.now += 1000),
      newId: () => `id-${(world.ids += 1)}`,
    });
    await outbox.open('k1');
    return outbox;
  };
  const cut = (): void => void (world.answer = () => { throw problem(0, 'offline'); });
  const mend = (): void => void (world.answer = () => ({}));
  return { sent, world, start, disk, cut, mend };
}

/** Adds actions one after the other and lets every run end. */
async function act(outbox: Outbox, ...drafts: Draft[]): Promise<Entry[]> {
  const added: Entry[] = [];
  for (const one of drafts) added.push(await outbox.add(one));
  await outbox.flush();
  await new Promise((done) => setTimeout(done, 0));
  return added;
}

const words = (entries: Entry[]): string[] => entries.map((entry) => `${entry.order_id}:${entry.kind}`);

describe('without network', () => {
  it('keeps everything in order and sends it once, in that order, when the network is back', async () => {
    const imran = phone();
    const outbox = await imran.start();
    imran.cut();
    await act(outbox, draft('arrive'), draft('picked_up'), draft('delivered', 'h24', { code: '4092' }), draft('arrive', 'j17'));
    expect(words(outbox.waiting)).toEqual(['h24:arrive', 'h24:picked_up', 'h24:delivered', 'j17:arrive']);
    expect(outbox.trouble).toBe('network');
    imran.mend();
    await outbox.flush();
    await outbox.flush();
    expect(words(imran.sent)).toEqual(['h24:arrive', 'h24:picked_up', 'h24:delivered', 'j17:arrive']);
    expect(outbox.clear).toBe(true);
  });

  it('survives a killed app: the next start sends what the disk kept, under the same ids and times', async () => {
    const imran = phone();
    const before = await imran.start();
    imran.cut();
    const added = await act(before, draft('picked_up'), draft('delivered'));
    imran.mend();
    const after = await imran.start();
    expect(imran.sent.map((entry) => [entry.id, entry.at])).toEqual(added.map((entry) => [entry.id, entry.at]));
    expect(after.clear).toBe(true);
  });

  it('stops at the first action that cannot be sent, so that no later one overtakes it', async () => {
    const imran = phone();
    const outbox = await imran.start();
    imran.world.answer = (entry) => {
      if (entry.kind === 'picked_up') throw problem(503, 'unavailable');
      return {};
    };
    await act(outbox, draft('arrive'), draft('picked_up'), draft('arrive', 'j17'));
    expect(words(imran.sent)).toEqual(['h24:arrive']);
    expect(words(outbox.waiting)).toEqual(['h24:picked_up', 'j17:arrive']);
    expect(outbox.waiting[0]?.tries).toBeGreaterThan(0);
  });

  it('says so when the login has ended, and keeps everything', async () => {
    const imran = phone();
    const outbox = await imran.start();
    imran.world.answer = () => { throw problem(401, 'unauthenticated'); };
    await act(outbox, draft('picked_up'));
    expect(outbox.trouble).toBe('login');
    expect(outbox.waiting).toHaveLength(1);
  });

  it('shows only the actions of the rider who is logged in', async () => {
    const imran = phone();
    const outbox = await imran.start();
    imran.cut();
    await act(outbox, draft('picked_up'));
    await outbox.open('k2');
    expect(outbox.entries).toEqual([]);
    expect(await imran.disk.all()).toHaveLength(1);
  });
});

describe('a refusal', () => {
  const refusing = (kind: ActionKind) => (entry: Entry): unknown => {
    if (entry.kind === kind && entry.order_id === 'h24') throw problem(409, 'illegal-transition');
    return {};
  };

  it('stays visible with its reason while the other orders go on', async () => {
    const imran = phone();
    const outbox = await imran.start();
    imran.world.answer = refusing('picked_up');
    await act(outbox, draft('picked_up'), draft('delivered'), draft('picked_up', 'j17'));
    expect(words(outbox.refused)).toEqual(['h24:picked_up']);
    expect(outbox.refused[0]?.problem?.code).toBe('illegal-transition');
    expect(words(imran.sent)).toEqual(['j17:picked_up']);
    expect(words(outbox.waiting)).toEqual(['h24:delivered']);
  });

  it('takes what stands on it along when it is tried again', async () => {
    const imran = phone();
    const outbox = await imran.start();
    imran.world.answer = refusing('picked_up');
    const [first] = await act(outbox, draft('picked_up'), draft('delivered'));
    imran.mend();
    await outbox.retry(first!.id);
    expect(words(imran.sent)).toEqual(['h24:picked_up', 'h24:delivered']);
    expect(outbox.clear).toBe(true);
  });

  it('is put away together with what stands on it, and both stay in the list', async () => {
    const imran = phone();
    const outbox = await imran.start();
    imran.world.answer = refusing('picked_up');
    const [first] = await act(outbox, draft('picked_up'), draft('delivered'));
    await outbox.aside(first!.id);
    expect(outbox.clear).toBe(true);
    expect(outbox.entries.map((entry) => entry.state)).toEqual(['aside', 'aside']);
    expect(imran.sent).toEqual([]);
  });

  it('of a wrong code is replaced when the code is typed again', async () => {
    const imran = phone();
    const outbox = await imran.start();
    imran.world.answer = (entry) => {
      if (entry.body['code'] !== '4092') throw problem(422, 'wrong-code');
      return {};
    };
    await act(outbox, draft('delivered', 'h24', { code: '1111' }));
    expect(outbox.refused).toHaveLength(1);
    await act(outbox, draft('delivered', 'h24', { code: '4092' }));
    expect(outbox.clear).toBe(true);
    expect(outbox.entries.map((entry) => entry.state)).toEqual(['aside', 'sent']);
  });

  it('lets somebody wait for the answer of one action', async () => {
    const imran = phone();
    const outbox = await imran.start();
    imran.world.answer = refusing('delivered');
    const entry = await outbox.add(draft('delivered'));
    await outbox.settled(entry.id);
    expect(outbox.refused.map((one) => one.id)).toEqual([entry.id]);
  });
});

describe('the rules', () => {
  const entry = (kind: ActionKind, seq: number, changes: Partial<Entry> = {}): Entry => ({ ...draft(kind), id: `${kind}-${seq}`, seq, courier_id: 'k1', at: at(seq), state: 'waiting', tries: 0, settled_at: null, problem: null, ...changes });

  it('tell a broken road from a no', () => {
    expect([0, 408, 429, 500, 503].map((status) => outcomeOf({ status, code: 'x' }))).toEqual(['later', 'later', 'later', 'later', 'later']);
    expect([400, 403, 404, 409, 422].map((status) => outcomeOf({ status, code: 'x' }))).toEqual(['refused', 'refused', 'refused', 'refused', 'refused']);
    expect(outcomeOf({ status: 401, code: 'token-expired' })).toBe('login');
  });

  it('hold a delivery behind a refused pick-up of the same order, but not behind a refused arrival', () => {
    const delivery = entry('delivered', 3);
    expect(isHeld(delivery, [entry('picked_up', 2, { state: 'refused' }), delivery])).toBe(true);
    expect(isHeld(delivery, [entry('arrive', 1, { state: 'refused' }), delivery])).toBe(false);
    expect(nextToSend([entry('picked_up', 2, { state: 'refused' }), delivery])).toBeUndefined();
  });

  it('show an order as the rider left it', () => {
    const before = order('h24', 'ready');
    expect(withPending(before, [entry('arrive', 1)]).courier?.arrived_at_restaurant_at).toBe(at(1));
    expect(withPending(before, [entry('arrive', 1), entry('picked_up', 2)]).status).toBe('picked_up');
    expect(withPending(before, [entry('picked_up', 2), entry('delivered', 3)]).status).toBe('delivered');
    expect(withPending(before, [entry('picked_up', 2, { state: 'refused' }), entry('delivered', 3)])).toBe(before);
  });

  it('take an action for done when the server already stands there', () => {
    const picked: Order = order('h24', 'picked_up', { timeline: [{ status: 'picked_up', at: at(5), actor: 'courier', reason: null }] });
    expect(alreadyDone(entry('picked_up', 1), picked)).toBe(true);
    expect(alreadyDone(entry('arrive', 1), picked)).toBe(true);
    expect(alreadyDone(entry('delivered', 1), picked)).toBe(false);
    expect(alreadyDone(entry('delivered', 1), order('h24', 'delivered'))).toBe(true);
  });

  it('believe the last word of the phone about the shift', () => {
    expect(isOnShift(null, [entry('shift_on', 1, { order_id: null })])).toBe(true);
    expect(isOnShift(null, [entry('shift_on', 1, { order_id: null }), entry('shift_off', 2, { order_id: null })])).toBe(false);
    expect(isOnShift(null, [])).toBe(false);
  });
});
