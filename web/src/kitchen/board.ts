// What the board shows and in which order, as plain functions of orders and the time. Accepted and preparing stand
// in one column: a cook needs to know what is due next, not which button was pressed. Nothing here fetches or draws.

import type { Order } from '$lib/api/types';

/** The three groups of a board; picked-up orders are no longer the kitchen's. */
export interface Board {
  fresh: Order[];
  preparing: Order[];
  ready: Order[];
}

/** A rider without a fix for this long counts as having no signal. */
export const NO_SIGNAL_MS = 90_000;
/** Below this the New band pulses. */
export const URGENT_MS = 30_000;

const time = (text: string | null): number => (text ? Date.parse(text) : Number.POSITIVE_INFINITY);

/** Groups orders: new ones by deadline, tickets by due time (so late ones come first), ready ones by waiting. */
export function groupBoard(orders: Iterable<Order>, restaurantId: string | null, bumped: ReadonlySet<string> = new Set()): Board {
  const board: Board = { fresh: [], preparing: [], ready: [] };
  for (const order of orders) {
    if (restaurantId && order.restaurant.id !== restaurantId) continue;
    if (order.status === 'placed') board.fresh.push(order);
    else if (order.status === 'accepted' || order.status === 'preparing') board.preparing.push(order);
    else if (order.status === 'ready' && !bumped.has(order.id)) board.ready.push(order);
  }
  board.fresh.sort((a, b) => time(a.accept_by) - time(b.accept_by) || time(a.placed_at) - time(b.placed_at));
  board.preparing.sort((a, b) => time(a.promised_ready_at) - time(b.promised_ready_at) || time(a.placed_at) - time(b.placed_at));
  board.ready.sort((a, b) => time(a.ready_at) - time(b.ready_at));
  return board;
}

/** Milliseconds until the order refuses itself; 0 when the time is up. */
export function leftToAnswer(order: Order, now: number): number {
  return Math.max(0, Date.parse(order.accept_by) - now);
}

/** The share of the answering time that is left, 0 to 100, for the ring. */
export function answerRing(order: Order, now: number): number {
  const left = leftToAnswer(order, now);
  const whole = Date.parse(order.accept_by) - Date.parse(order.placed_at);
  return whole <= 0 ? 0 : Math.min(100, (left / whole) * 100);
}

/** How late a ticket is in milliseconds; 0 while it is in time. */
export function lateBy(order: Order, now: number): number {
  return order.promised_ready_at ? Math.max(0, now - Date.parse(order.promised_ready_at)) : 0;
}

/** The share of the promised cooking time that is used, 0 to 100, for the ring of a ticket. */
export function timeUsed(order: Order, now: number): number {
  if (order.status === 'ready' || !order.promised_ready_at) return 100;
  const from = Date.parse(order.accepted_at ?? order.placed_at);
  const whole = Date.parse(order.promised_ready_at) - from;
  return whole <= 0 ? 100 : Math.max(0, Math.min(100, ((now - from) / whole) * 100));
}

/** How many pieces an order has. */
export function pieces(order: Order): number {
  return order.lines.reduce((sum, line) => sum + line.quantity, 0);
}

/** The same in words. */
export function piecesText(order: Order): string {
  const count = pieces(order);
  return count === 1 ? '1 item' : `${count} items`;
}

/** Whether the rider's phone has gone quiet, so that the hand-over may not reach the board by itself. */
export function riderIsSilent(order: Order, now: number): boolean {
  if (!order.courier) return false;
  return !order.courier.fix_at || now - Date.parse(order.courier.fix_at) > NO_SIGNAL_MS;
}

/** The last minutes are told in whole minutes, rounded up, never 0. */
export function minutes(ms: number): number {
  return Math.max(1, Math.ceil(ms / 60_000));
}

/** Three ends on the quarter hour, the first at least 20 minutes away. */
export function roundEnds(now: number): number[] {
  const quarter = 15 * 60_000;
  const first = Math.ceil((now + 20 * 60_000) / quarter) * quarter;
  return [first, first + quarter, first + 3 * quarter];
}

/** Metres between two places as the crow flies. */
export function straightMetres(a: { lat: number; lng: number }, b: { lat: number; lng: number }): number {
  const rad = Math.PI / 180;
  const dLat = (b.lat - a.lat) * rad;
  const dLng = (b.lng - a.lng) * rad;
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(dLng / 2) ** 2;
  return 12_742_000 * Math.asin(Math.sqrt(h));
}
