import { describe, expect, it } from 'vitest';
import type { Courier, LiveBoard, LiveException, LiveOrder } from '../../../src/lib/api/types';
import { moveCouriers } from '../../../src/ops/live/board.svelte';
import { columnsOf, tasksOf } from '../../../src/ops/live/columns';
import { focusPoints, livePins, orderOfPin } from '../../../src/ops/live/map-pins';

const NOW = Date.parse('2026-11-20T07:30:30Z');
const at = (clock: string): string => `2026-11-20T${clock}:00Z`;

function order(id: string, change: Partial<LiveOrder> = {}): LiveOrder {
  return {
    id, number: id.toUpperCase(), zone_letter: 'H', status: 'preparing', restaurant_id: 'r1', restaurant_name: 'Ambika', drop_locality: 'Domlur',
    lat: 12.9, lng: 77.6, pickup_lat: 12.91, pickup_lng: 77.61, courier_id: null, placed_at: at('07:00'), promised_at: at('07:40'), ready_at: at('07:20'), total_paise: 40538, ...change,
  };
}

function courier(id: string, change: Partial<Courier> = {}): Courier {
  return { id, name: id, phone: '+919845012077', vehicle: 'scooter', state: 'free', rating: 4.5, lat: 12.9, lng: 77.6, fix_at: at('07:30'), city_id: 'c', order_ids: [], order_numbers: [], implausible_fixes: 0, mocked_fixes: 0, on_shift: true, suspended: false, papers_lapsed: false, break_until: null, shift_ends_at: null, version: 1, ...change };
}

function exception(order_id: string, change: Partial<LiveException> = {}): LiveException {
  return { kind: 'unassigned', order_id, number: order_id, zone_letter: 'H', restaurant_name: 'Ambika', drop_locality: 'Domlur', since: at('07:20'), promised_at: at('07:40'), estimate_at: at('07:52'), ...change };
}

function board(change: Partial<LiveBoard>): LiveBoard {
  const figures = { open_orders: 0, delivered_today: 0, on_time_pct: null, riders_on_shift: 0, riders_free: 0, kitchens_open: 0, kitchens_late: 0 };
  return { at: at('07:30'), city: { id: 'c', name: 'Bengaluru', slug: 'bengaluru' }, figures, exceptions: [], next_exception_at: null, orders: [], couriers: [], restaurants: [], ...change };
}

describe('tasks of an order', () => {
  it('are pick-up and drop before the bag is on the road, then only the drop', () => {
    expect(tasksOf(order('h24'), undefined).map((task) => task.kind)).toEqual(['P', 'D']);
    expect(tasksOf(order('h24', { status: 'picked_up' }), undefined).map((task) => task.kind)).toEqual(['D']);
  });

  it('show the estimate in red when it is past the promise', () => {
    const drop = tasksOf(order('h24'), exception('h24'))[1];
    expect(drop).toMatchObject({ at: at('07:52'), means: 'expected', late: true });
    expect(tasksOf(order('h24'), undefined)[1]).toMatchObject({ at: at('07:40'), means: 'promised', late: false });
  });

  it('mark a promise that can hardly be held, without calling it late', () => {
    const [pick, drop] = tasksOf(order('h24', { ready_at: at('07:41') }), undefined);
    expect(pick).toMatchObject({ at: at('07:41'), means: 'ready' });
    expect(drop).toMatchObject({ at: at('07:40'), means: 'promised', late: false, tight: true });
  });

  it('count from when the kitchen ran over', () => {
    const pick = tasksOf(order('h24'), exception('h24', { kind: 'kitchen_late' }))[0];
    expect(pick).toMatchObject({ late: true, overSince: at('07:20') });
  });
});

describe('columns', () => {
  const orders = [order('h24', { courier_id: 'imran' }), order('h25', { courier_id: 'imran' }), order('j17', { courier_id: 'suresh' }), order('k26'), order('m08', { status: 'placed', ready_at: null })];
  const couriers = [courier('anwar'), courier('imran', { state: 'to_pickup', order_ids: ['h25', 'h24'] }), courier('suresh', { state: 'waiting', order_ids: ['j17'] }), courier('ravi', { state: 'off' })];
  const columns = columnsOf(board({ orders, couriers, exceptions: [exception('k26'), exception('j17', { kind: 'kitchen_late' })] }), NOW);

  it('keep the order in which a rider works', () => {
    expect(columns.busy.find((column) => column.courier.id === 'imran')?.tasks.map((task) => `${task.kind} ${task.orderId}`)).toEqual(['P h25', 'P h24', 'D h25', 'D h24']);
  });

  it('put riders with trouble first and hide those off shift', () => {
    expect(columns.busy.map((column) => column.courier.id)).toEqual(['suresh', 'imran']);
    expect(columns.free.map((one) => one.id)).toEqual(['anwar']);
  });

  it('call free only who can be asked now', () => {
    const idle = [courier('asha'), courier('bala', { fix_at: at('07:29') }), courier('chitra', { state: 'on_break' }), courier('deepa', { state: 'offered' }), courier('esha', { fix_at: null })];
    const { free, away } = columnsOf(board({ couriers: idle }), NOW);
    expect(free.map((one) => one.id)).toEqual(['asha']);
    expect(away.map((one) => one.id)).toEqual(['bala', 'chitra', 'deepa', 'esha']);
  });

  it('tell what nobody has from what the kitchen has not accepted', () => {
    expect(columns.unassigned.map((task) => task.orderId)).toEqual(['k26', 'k26']);
    expect(columns.waiting.map((task) => task.orderId)).toEqual(['m08', 'm08']);
  });

  it('tell who should have a rider by now from whose rider is called later', () => {
    const calm = columnsOf(board({ orders, couriers }), NOW);
    expect(calm.unassignedOrders).toBe(0);
    expect(calm.later.map((task) => task.orderId)).toEqual(['k26', 'k26']);
    expect(columns.laterOrders).toBe(0);
  });

  it('say from when a rider is free', () => {
    expect(columns.busy[0]?.freeFrom).toBe(at('07:52'));
  });
});

describe('positions', () => {
  it('move only the couriers that were heard of', () => {
    const couriers = [courier('anwar'), courier('imran')];
    const moved = moveCouriers(couriers, new Map([['imran', { courier_id: 'imran', lat: 12.95, lng: 77.65, at: at('07:31'), state: 'to_drop' as const }]]));
    expect(moved[0]).toBe(couriers[0]);
    expect(moved[1]).toMatchObject({ lat: 12.95, state: 'to_drop', fix_at: at('07:31') });
  });
});

describe('the live map', () => {
  const town = board({
    orders: [order('k26'), order('h24', { courier_id: 'imran' })],
    couriers: [courier('anwar', { lat: 12.93 }), courier('imran', { state: 'to_pickup', order_ids: ['h24'] }), courier('dark', { lat: null, lng: null })],
    exceptions: [exception('k26')],
    restaurants: [{ id: 'r1', name: 'Ambika', lat: 12.91, lng: 77.61, open_now: true, open_orders: 2, late_orders: 0 }],
  });
  const candidates = [{ courier_id: 'anwar', name: 'Anwar', vehicle: 'scooter' as const, state: 'free' as const, pickup_s: 240, arrive_at: at('07:50'), distance_m: 900, load: 0, reasons: [] }];

  it('numbers the candidates and marks both ends of the selected order', () => {
    const pins = livePins(town, { order: town.orders[0], candidates, picked: 'anwar', route: undefined });
    expect(pins.find((pin) => pin.id === 'rider:anwar')).toMatchObject({ badge: '1', selected: true });
    expect(pins.filter((pin) => pin.tone === 'hot').map((pin) => pin.id)).toEqual(['kitchen:r1', 'order:k26']);
    expect(new Set(pins.map((pin) => pin.id)).size).toBe(pins.length);
  });

  it('leaves out riders without a position', () => {
    const pins = livePins(town, { order: undefined, candidates: [], picked: null, route: undefined });
    expect(pins.some((pin) => pin.id === 'rider:dark')).toBe(false);
    expect(pins.find((pin) => pin.id === 'order:k26')).toMatchObject({ badge: 'k26', tone: 'late' });
  });

  it('looks at both ends and the candidates', () => {
    expect(focusPoints(town, { order: town.orders[0], candidates, picked: null, route: undefined })).toHaveLength(3);
  });

  it('leads a click back to an order', () => {
    expect(orderOfPin(town, 'order:k26')).toBe('k26');
    expect(orderOfPin(town, 'rider:imran')).toBe('h24');
    expect(orderOfPin(town, 'kitchen:r1')).toBe('k26');
    expect(orderOfPin(town, 'rider:anwar')).toBeNull();
  });
});
