// The shapes of the HTTP contract as the faces use them: ids are UUID strings, times RFC 3339 in UTC,
// money whole paise, distances metres, durations seconds. This is the one place of types; once the
// server prints its OpenAPI document, these names become aliases of the generated schema.

export type Role = 'customer' | 'restaurant' | 'courier' | 'dispatcher' | 'admin';
export type VegMark = 'veg' | 'egg' | 'non_veg';

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export interface LatLng {
  lat: number;
  lng: number;
}

export type Point = [lat: number, lng: number];

// Who is asking

export interface User {
  id: string;
  role: Role;
  name: string;
  login: string | null;
  phone: string | null;
  customer_id: string | null;
  courier_id: string | null;
  restaurant_ids: string[];
}

export interface Tokens {
  access_token: string;
  refresh_token: string;
  expires_in: number;
  user: User;
}

export interface DemoLogin {
  role: Role;
  login: string;
  password: string;
}

export interface MailboxMessage {
  id: string;
  channel: 'sms' | 'email' | 'push';
  to: string;
  subject: string | null;
  body: string;
  at: string;
}

// Places

export interface City {
  id: string;
  slug: string;
  name: string;
  lat: number;
  lng: number;
  timezone: string;
}

export interface Zone {
  id: string;
  letter: string;
  name: string;
  polygon: Point[];
}

/** What a city without a map answers has only `source` and `label`. */
export type CityMapAnswer = CityMapData | { source: 'none'; label: string };

export interface CityMapData {
  source: 'demo' | 'none';
  label: string;
  bounds: { south: number; west: number; north: number; east: number } | null;
  roads: { kind: 'arterial' | 'street' | 'lane'; name: string | null; points: Point[] }[];
  parks: { name: string; polygon: Point[] }[];
  water: { name: string; polygon: Point[] }[];
  blocks: Point[][];
  places: { name: string; lat: number; lng: number }[];
}

export interface Serviceability {
  serviceable: boolean;
  city_id: string | null;
  zone_id: string | null;
  zone_letter: string | null;
  zone_name?: string | null;
}

// Restaurants and menus

export interface Restaurant {
  id: string;
  name: string;
  city_id: string;
  zone_letter: string;
  locality: string;
  lat: number;
  lng: number;
  cuisines: string[];
  veg_mark: VegMark;
  rating: number | null;
  rating_count: number;
  price_for_two_paise: number | null;
  open_now: boolean;
  opens_at: string | null;
  closes_at: string | null;
  busy_until: string | null;
  paused_until: string | null;
  distance_m: number | null;
  delivery_fee_paise: number | null;
  eta_low_s: number | null;
  eta_high_s: number | null;
}

export interface OpeningHours {
  day: 1 | 2 | 3 | 4 | 5 | 6 | 7;
  open: string;
  close: string;
}

export interface RestaurantDetail extends Restaurant {
  address: string;
  pin: string;
  fssai: string | null;
  gstin: string | null;
  phone: string | null;
  hours: OpeningHours[];
  prep_minutes: number;
  packing_paise: number;
  minimum_order_paise: number;
  vendor_id: string;
  busy_extra_minutes: number;
  menu_version: number;
}

export interface MenuOption {
  id: string;
  name: string;
  price_paise: number;
  available: boolean;
  unavailable_until: string | null;
  veg_mark: VegMark | null;
}

export interface OptionGroup {
  id: string;
  name: string;
  kind: 'variant' | 'modifier';
  min: number;
  max: number;
  options: MenuOption[];
}

export interface MenuItem {
  id: string;
  name: string;
  description: string | null;
  price_paise: number;
  available: boolean;
  unavailable_until: string | null;
  stock_left: number | null;
  veg_mark: VegMark;
  allergens: string[];
  packing_paise: number;
  popular: boolean;
  option_groups: OptionGroup[];
}

export interface MenuSection {
  id: string;
  name: string;
  items: MenuItem[];
}

export interface Menu {
  restaurant_id: string;
  menu_version: number;
  sections: MenuSection[];
}

export type AvailabilityUntil = '4h' | 'today' | 'changed';

// Customers

export interface Customer {
  id: string;
  name: string;
  phone: string;
  email: string | null;
  language: string;
  created_at: string;
  order_count: number;
}

export interface Address {
  id: string;
  label: string;
  line1: string;
  line2: string | null;
  landmark: string | null;
  instruction: string | null;
  pin: string;
  lat: number;
  lng: number;
}

export type NewAddress = Omit<Address, 'id'>;

/** Where an order goes: a copy, which need not be a saved address. */
export interface OrderAddress extends NewAddress {
  id: string | null;
  locality?: string | null;
}

// Quotes and orders

export interface QuoteRequestLine {
  item_id: string;
  quantity: number;
  option_ids: string[];
  note?: string;
}

export interface QuoteRequest {
  restaurant_id: string;
  lines: QuoteRequestLine[];
  address_id?: string;
  address?: { lat: number; lng: number; line1: string; pin: string };
  tip_paise: number;
}

export interface OrderLine {
  item_id: string;
  name: string;
  quantity: number;
  unit_paise: number;
  options: string[];
  option_ids?: string[];
  veg_mark: VegMark;
  total_paise: number;
  note?: string | null;
}

export interface Charge {
  code: 'packing' | 'delivery' | 'platform_fee';
  amount_paise: number;
}

export interface Tax {
  code: 'food_cgst' | 'food_sgst' | 'delivery_cgst' | 'delivery_sgst' | 'platform_fee_cgst' | 'platform_fee_sgst';
  rate_bp: number;
  base_paise: number;
  amount_paise: number;
}

export interface Discount {
  code: string;
  funder?: string;
  amount_paise: number;
}

/** What a bill is made of: a quote and an order both carry it. */
export interface BillData {
  lines: OrderLine[];
  charges: Charge[];
  taxes: Tax[];
  tip_paise: number;
  discounts: Discount[];
  total_paise: number;
}

export interface Quote extends BillData {
  id: string;
  restaurant_id: string;
  distance_m: number;
  eta: { low: string; high: string };
  expires_at: string;
}

export interface QuoteChange {
  code: string;
  from_paise: number;
  to_paise: number;
}

export type OrderStatus =
  | 'placed' | 'accepted' | 'preparing' | 'ready' | 'picked_up' | 'delivered' | 'rejected' | 'cancelled' | 'failed';

export type EtaReason = 'kitchen-delay' | 'no-courier-yet' | 'courier-slow';
export type PaymentMethod = 'cod' | 'sandbox';
export type Actor = 'customer' | 'restaurant' | 'courier' | 'dispatcher' | 'admin' | 'staff' | 'system';

export interface OrderCourier {
  id: string;
  name: string;
  vehicle: Vehicle;
  rating: number | null;
  phone: string | null;
  lat: number | null;
  lng: number | null;
  fix_at: string | null;
  arrived_at_restaurant_at: string | null;
}

export interface Order extends BillData {
  id: string;
  number: string;
  zone_letter: string;
  status: OrderStatus;
  version: number;
  city_id: string;
  restaurant: { id: string; name: string; locality: string; lat: number; lng: number; phone: string | null };
  customer: { id: string; name: string; phone: string | null };
  address: OrderAddress;
  note: string | null;
  payment: { method: PaymentMethod; status: 'due' | 'paid' | 'refunded' | 'void' };
  placed_at: string;
  accept_by: string | null;
  accepted_at: string | null;
  prep_minutes: number | null;
  promised_ready_at: string | null;
  ready_at: string | null;
  picked_up_at: string | null;
  delivered_at: string | null;
  ended_at: string | null;
  reason: string | null;
  eta: { low: string; high: string; reason: EtaReason | null };
  first_eta: { low: string; high: string };
  courier: OrderCourier | null;
  delivery_code: string | null;
  timeline: { status: OrderStatus; at: string; actor: Actor }[];
  allowed: OrderStatus[];
}

/** The short answer to a placed order. */
export type PlacedOrder = Pick<Order, 'id' | 'number' | 'status' | 'total_paise' | 'delivery_code'>;

export interface StatusUpdate {
  status: OrderStatus;
  prep_minutes?: number;
  reason?: string;
  code?: string;
  version?: number;
}

export interface Candidate {
  courier_id: string;
  name: string;
  vehicle: Vehicle;
  state: CourierState;
  pickup_s: number;
  arrive_at: string;
  distance_m: number;
  load: number;
  reasons: string[];
}

export interface Candidates {
  items: Candidate[];
  impossible: { reason: 'off-shift' | 'silent' | 'full' | 'too-far'; count: number }[];
}

export interface RouteLeg {
  kind: 'first_mile' | 'last_mile';
  distance_m: number;
  duration_s: number;
  points: Point[];
}

export interface OrderRoute {
  legs: RouteLeg[];
}

export interface Review {
  id: string;
  order_id: string;
  rating: number;
  text: string | null;
  courier_rating: number | null;
  created_at: string;
}

// Couriers and offers

export type Vehicle = 'bicycle' | 'e_bike' | 'scooter' | 'motorcycle' | 'car' | 'van' | 'foot';
export type CourierState = 'off' | 'free' | 'offered' | 'to_pickup' | 'waiting' | 'to_drop';

export interface Courier {
  id: string;
  name: string;
  phone: string;
  vehicle: Vehicle;
  state: CourierState;
  rating: number | null;
  lat: number | null;
  lng: number | null;
  fix_at: string | null;
  city_id: string;
  order_ids: string[];
}

export interface Fix extends LatLng {
  accuracy_m: number;
  at: string;
}

export interface FixesAccepted {
  accepted: number;
  refused: { index: number; code: string }[];
}

export interface Offer {
  id: string;
  order_id: string;
  number: string;
  zone_letter: string;
  pay_paise: number;
  pay_parts: { code: 'base' | 'distance' | 'tip'; amount_paise: number }[];
  distance_m: number;
  first_mile_m: number;
  last_mile_m: number;
  duration_s: number;
  pickup: { name: string; locality: string; lat: number; lng: number; ready_at: string };
  drop: { locality: string; lat: number; lng: number; by: string };
  item_count: number;
  payment_method: PaymentMethod;
  cash_to_collect_paise: number;
  made_at: string;
  expires_at: string;
}

export interface Earnings {
  day: string;
  lines: { order_id: string; number: string; at: string; pay_paise: number; tip_paise: number }[];
  total_paise: number;
  cash_in_hand_paise: number;
  cash_limit_paise: number;
}

// Operations

export type ExceptionKind = 'unassigned' | 'courier_silent' | 'kitchen_late' | 'will_be_late' | 'not_accepted';

export interface LiveException {
  kind: ExceptionKind;
  order_id: string;
  number: string;
  zone_letter: string;
  restaurant_name: string;
  drop_locality: string;
  since: string;
  promised_at: string;
  estimate_at: string;
}

export interface LiveOrder {
  id: string;
  number: string;
  zone_letter: string;
  status: OrderStatus;
  restaurant_id: string;
  restaurant_name: string;
  drop_locality: string;
  lat: number;
  lng: number;
  pickup_lat: number;
  pickup_lng: number;
  courier_id: string | null;
  placed_at: string;
  promised_at: string;
  ready_at: string | null;
  total_paise: number;
}

export interface LiveBoard {
  at: string;
  city: { id: string; name: string; slug: string };
  figures: {
    open_orders: number;
    delivered_today: number;
    on_time_pct: number | null;
    riders_on_shift: number;
    riders_free: number;
    kitchens_open: number;
    kitchens_late: number;
  };
  exceptions: LiveException[];
  orders: LiveOrder[];
  couriers: Courier[];
  restaurants: { id: string; name: string; lat: number; lng: number; open_now: boolean; open_orders: number; late_orders: number }[];
}

export interface PopularItems {
  items: {
    item_id: string;
    name: string;
    restaurant_id: string;
    restaurant_name: string;
    quantity: number;
    revenue_paise: number;
  }[];
  as_of: string;
}

export interface RevenueAnalytics {
  items: { hour: string; orders: number; delivered: number; cancelled: number; revenue_paise: number }[];
  totals: { orders: number; delivered: number; cancelled: number; revenue_paise: number };
  as_of: string;
}

// Live events: thin, the resource is fetched again

export interface OrderEvent {
  order_id: string;
  number: string;
  status: OrderStatus;
  version: number;
  restaurant_id: string;
  courier_id: string | null;
  customer_id: string;
  at: string;
}

export interface OfferEvent {
  offer_id: string;
  order_id: string;
  courier_id: string;
  state: 'made' | 'accepted' | 'declined' | 'expired' | 'withdrawn';
  expires_at: string;
}

export interface CourierEvent extends LatLng {
  courier_id: string;
  at: string;
  state: CourierState;
}

export interface StatusEvent {
  order_id: string;
  number: string;
  status: OrderStatus;
  version: number;
  at: string;
  eta: { low: string; high: string; reason: EtaReason | null };
}

export interface PositionEvent extends LatLng {
  at: string;
}
