import { describe, expect, it } from 'vitest';
import { ApiProblem } from '../../../src/lib/api/client';
import type { Decision, LiveException, Order } from '../../../src/lib/api/types';
import { askedText, lineOf, whyText } from '../../../src/ops/live/decisions';
import { fullRider, fullText } from '../../../src/ops/live/full-rider';
import { situation } from '../../../src/ops/live/situation';

const at = (clock: string): string => `2026-11-20T${clock}:00Z`;

function decision(name: string, answer: Decision['answer'], change: Partial<Decision> = {}): Decision {
  const courier = { courier_id: name, name, vehicle: 'scooter' as const };
  const chosen = { courier, rank: 1, pickup_s: 240, waits_s: 0, food_waits_s: 0, cost_s: 240, reasons: ['best', 'free'] };
  return { at: at('07:15'), policy: 'rolling', courier, by: null, note: null, answer, answered_at: at('07:16'), chosen, candidates: [chosen], left_out: [], impossible: [], order_ids: ['k26'], joins: [], round: { orders: 1, couriers: 9, possible: 4 }, ...change };
}

/** What the server tells: the newest decisions, and how many came before. */
const told = (items: Decision[], earlier = 0) => ({ items, earlier });

const byHand = (change: Partial<Decision>): Decision => decision('Anwar', null, { policy: 'by-hand', chosen: null, round: null, answered_at: null, by: 'Meena', note: 'knows the gate', ...change });

describe('decisions', () => {
  it('say what each one answered', () => {
    const lines = (['accepted', 'declined', 'expired', 'withdrawn', 'made'] as const).map((answer) => lineOf(decision('Ravi', answer)).what);
    expect(lines).toEqual(['took it 12:46', 'declined 12:46', 'did not answer until 12:46', 'offer withdrawn 12:46', 'is looking at it']);
  });

  it('say who gave it by hand and why', () => {
    expect(lineOf(byHand({}))).toMatchObject({ who: 'Anwar', what: 'got it by hand by Meena: knows the gate' });
    expect(lineOf(byHand({ courier: null }))).toMatchObject({ who: 'Given back to dispatch', what: 'by hand by Meena: knows the gate' });
  });

  it('are told in one sentence, the newest of many', () => {
    expect(askedText(told([]))).toBe('Nobody has been asked yet.');
    expect(askedText(told([byHand({})]))).toBe('Nobody has been asked yet.');
    expect(askedText(told([decision('Ravi', 'declined')]))).toBe('Offered once: Ravi declined 12:46.');
    const many = ['Ravi', 'Anil', 'Deepa', 'Imran'].map((name) => decision(name, 'expired'));
    expect(askedText(told(many))).toMatch(/^Offered 4 times: last Anil did not answer until 12:46, Deepa .*, Imran .*\.$/);
  });

  it('claim nothing of those before the newest', () => {
    expect(askedText(told([decision('Ravi', 'declined')], 7))).toBe('Offered at least once: Ravi declined 12:46.');
    expect(askedText(told([decision('Ravi', 'declined'), decision('Anil', 'declined'), byHand({})], 28))).toMatch(/^Offered at least 2 times: Ravi /);
    expect(askedText(told([byHand({})], 1))).toBeNull();
  });

  it('say why it was them, also when others ranked before them', () => {
    expect(whyText(decision('Ravi', 'made'))).toBe('4 min to the kitchen; first of 4 for this order.');
    const third = decision('Ravi', 'made', { round: { orders: 12, couriers: 9, possible: 4 }, order_ids: ['k26', 'k27'] });
    third.chosen = { ...third.chosen!, rank: 3, food_waits_s: 120 };
    expect(whyText(third)).toBe('4 min to the kitchen, the food waits 2 min; number 3 of 4 for this order alone: 12 orders were decided together, and where riders end up counts too, one of 2 orders in one offer.');
    expect(whyText(byHand({}))).toBe('');
    expect(whyText(decision('Ravi', 'made', { joins: ['k25'] }))).toBe('4 min to the kitchen; first of 4 for this order, beside an order that they fetch there anyway.');
  });
});

describe('the situation', () => {
  const exception = (kind: LiveException['kind']): LiveException => ({ kind, order_id: 'k26', number: 'K26', zone_letter: 'K', restaurant_name: 'Ambika', drop_locality: 'Domlur', since: at('07:20'), promised_at: at('07:40'), estimate_at: at('07:52') });
  const order = (phone: string | null): Order => ({ status: 'picked_up', courier: { name: 'Prakash N', phone } }) as Order;

  it('says who was asked while nobody has it', () => {
    expect(situation(order(null), exception('unassigned'), told([decision('Ravi', 'declined')]))?.text).toMatch(/^Offered once: Ravi declined 12:46\. No rider has it since 12:50\./);
    expect(situation(order(null), exception('unassigned'), told([]))?.text).toMatch(/^Nobody has been asked yet\./);
    expect(situation(order(null), exception('unassigned'), told([byHand({})], 30))?.text).toMatch(/^No rider has it since/);
    // While it is not known who was asked, nothing is said of it.
    expect(situation(order(null), exception('unassigned'))?.text).toMatch(/^No rider has it since/);
  });

  it('claims a message and a call only where there is a number', () => {
    const reached = situation(order('+919845012077'), exception('courier_dark'));
    expect(reached?.text).toContain('A message went out to them; the bag stays with this rider: call, then the customer.');
    expect(reached?.call).toEqual({ name: 'Prakash N', phone: '+919845012077' });
    for (const kind of ['courier_dark', 'courier_silent'] as const) {
      const lost = situation(order(null), exception(kind));
      expect(lost?.text).toContain('no phone number of theirs is known, so tell the customer');
      expect(lost?.text).not.toContain('message went out');
      expect(lost?.call).toBeUndefined();
    }
  });
});

describe('a rider without room', () => {
  const asked = { courierId: 'k1', name: 'Kiran Rao', vehicle: 'scooter' as const };
  const refused = (code: string, params?: Record<string, unknown>) => new ApiProblem({ code, status: 409, title: '', errors: params ? [{ pointer: '/courier_id', code, params }] : [] });

  it('is told with the figures of the refusal, so that a person may decide', () => {
    const full = fullRider(refused('courier-full', { in_hand: 2, room: 2 }), asked);
    expect(full).toEqual({ ...asked, inHand: 2, room: 2 });
    expect(fullText(full!)).toBe('Kiran Rao has 2 orders in hand; the scooter has room for 2.');
    expect(fullText({ ...full!, vehicle: 'foot', inHand: 1, room: 1 })).toBe('Kiran Rao has 1 order in hand; on foot there is room for 1.');
  });

  it('is nobody where the server refuses for another reason, or says no figures', () => {
    expect(fullRider(refused('courier-unavailable', { in_hand: 2, room: 2 }), asked)).toBeNull();
    expect(fullRider(refused('courier-full'), asked)).toBeNull();
  });
});
