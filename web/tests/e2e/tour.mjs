// Every screen of the four faces, and how somebody gets there. A tour is a generator: it stands still at each screen
// with the screen's name, and walks on when whoever looks has seen enough. `guest` is a person without a login.

import { account, applyAsRider, ask, codeFor, giveToRider, handInPaper, moveOrder, ownKitchen, placeOrder, planShift, readMenus, readOrder, setShift } from './city.mjs';
import { PAPER } from './paper.mjs';
import { enter } from './people.mjs';

const button = (page, name) => page.getByRole('button', { name }).first();
const shown = (page, text) => page.getByText(text).first().waitFor();

/** Goes to an address of the city and waits until something of the screen is there. */
async function open(city, page, path, sign) {
  await page.goto(city.base + path);
  await shown(page, sign);
}

export async function* storefront(city, guest) {
  const { page } = guest;
  const kitchen = await ownKitchen(city);
  const menu = `/r/${kitchen.id}`;
  await open(city, page, '/', /kitchens/);
  yield 'home, no place chosen';
  await button(page, /Choose where it goes/).click();
  await shown(page, 'Find a part of town');
  yield 'choosing a place';
  await button(page, 'Show the map').click();
  await page.getByRole('dialog').locator('canvas').first().waitFor();
  yield 'choosing a place on the map';
  await open(city, page, '/login', 'one tap');
  yield 'login';
  await open(city, page, '/my/orders', 'Log in to see your orders');
  yield 'orders, not logged in';
  await enter(city, guest, 'storefront');
  await open(city, page, '/', /to your door, then rating/);
  yield 'home';
  await open(city, page, '/?q=zzzz', 'Nothing for “zzzz”');
  yield 'home, nothing matches';
  await open(city, page, menu, kitchen.name);
  await button(page, /^Add /).waitFor();
  yield 'restaurant';
  await addDish(city, page, kitchen.id, (dish) => dish.option_groups.length === 0);
  yield 'restaurant with a cart';
  await button(page, `Add ${await dishName(city, kitchen.id, (dish) => dish.option_groups.length > 0)}`).click();
  await page.getByRole('dialog').waitFor();
  yield 'dish with choices';
  await open(city, page, '/checkout', /To pay/);
  yield 'checkout';
  await setCartAside(city, page);
  yield 'home with a cart set aside';
  await button(page, 'Let it go').click();
  yield* storefrontOrders(city, page);
  await open(city, page, '/my/account', 'Addresses');
  await page.getByRole('switch', { name: 'Veg only' }).waitFor();
  yield 'account';
  await button(page, 'Add an address').click();
  await page.getByRole('dialog').waitFor();
  yield 'a new address';
  await open(city, page, '/nowhere', 'Nothing is at this address');
  yield 'nothing here';
}

/** The cart as another device would have left it; how that comes about is the story of `carts.mjs`. */
async function setCartAside(city, page) {
  await page.evaluate(() => localStorage.setItem('dabba.storefront.carts.aside', JSON.stringify([JSON.parse(localStorage.getItem('dabba.storefront.cart'))])));
  await open(city, page, '/', 'is kept for you');
}

async function* storefrontOrders(city, page) {
  const order = await placeOrder(city);
  await open(city, page, `/order/${order.id}`, 'Free to cancel');
  await page.locator('canvas').first().waitFor();
  yield 'tracking, waiting for the kitchen';
  await button(page, 'Cancel the order').click();
  await page.getByRole('dialog').waitFor();
  yield 'cancelling';
  await moveOrder(city, 'restaurant', order.id, { status: 'accepted', prep_minutes: 15 });
  await giveToRider(city, order.id);
  await open(city, page, `/order/${order.id}`, 'Delivery code');
  await page.locator('canvas').first().waitFor();
  yield 'tracking, a rider is named';
  yield* otherDoorFirst(city, page, order);
  await open(city, page, '/my/orders', order.restaurant.name);
  yield 'orders';
  await open(city, page, `/order/${order.id}`, 'How was it?');
  yield 'delivered';
}

/** The same rider carries another order of hers to its door first; a friend follows this one by a link. */
async function* otherDoorFirst(city, page, first) {
  const order = await placeOrder(city);
  await moveOrder(city, 'restaurant', order.id, { status: 'accepted', prep_minutes: 30 });
  await giveToRider(city, order.id);
  for (const { id } of [first, order]) {
    await moveOrder(city, 'restaurant', id, { status: 'ready' });
    await moveOrder(city, 'courier', id, { status: 'picked_up' });
  }
  await open(city, page, `/order/${order.id}`, 'one stop before yours');
  await page.locator('canvas').first().waitFor();
  yield 'tracking, another door first';
  const { path } = await ask(city, 'customer', 'POST', `/orders/${order.id}/tracking-links`, {});
  await open(city, page, path, 'One stop comes first');
  await page.locator('canvas').first().waitFor();
  yield 'a link, another door first';
  await hand(city, first.id);
  await open(city, page, `/order/${order.id}`, 'on the way to you');
  await page.locator('canvas').first().waitFor();
  yield 'tracking, this door next';
  await hand(city, order.id);
}

/** The demo's rider hands an order over at its door. */
async function hand(city, id) {
  const { delivery_code: code } = await readOrder(city, id);
  await moveOrder(city, 'courier', id, { status: 'delivered', code });
}

/** The demo's rider takes an order from the counter to the door. */
async function carry(city, id) {
  await moveOrder(city, 'restaurant', id, { status: 'ready' });
  await moveOrder(city, 'courier', id, { status: 'picked_up' });
  await hand(city, id);
}

async function dishName(city, restaurant, fits) {
  const { sections } = await ask(city, 'customer', 'GET', `/restaurants/${restaurant}/menu`);
  return sections.flatMap((section) => section.items).find((dish) => dish.available && fits(dish)).name;
}

async function addDish(city, page, restaurant, fits) {
  await button(page, `Add ${await dishName(city, restaurant, fits)}`).click();
  await page.getByRole('link', { name: /See the full bill/ }).first().waitFor();
}

export async function* kitchen(city, guest) {
  const { page } = guest;
  await open(city, page, '/kitchen', 'one tap');
  yield 'login';
  await enter(city, guest, 'kitchen');
  await open(city, page, '/kitchen', 'Start service');
  yield 'before service';
  const cooking = await placeOrder(city);
  await moveOrder(city, 'restaurant', cooking.id, { status: 'accepted', prep_minutes: 20 });
  const done = await placeOrder(city);
  await moveOrder(city, 'restaurant', done.id, { status: 'accepted', prep_minutes: 10 });
  await moveOrder(city, 'restaurant', done.id, { status: 'ready' });
  await placeOrder(city);
  await placeOrder(city);
  await serve(page);
  await button(page, /^Accept/).waitFor();
  await page.getByRole('article', { name: `Ticket ${cooking.number}` }).waitFor();
  yield 'board';
  await button(page, /^Reject/).click();
  yield 'rejecting';
  await open(city, page, `/kitchen/ticket/${cooking.id}`, 'What happened');
  yield 'ticket';
  await open(city, page, '/kitchen/stock', 'Off the menu now');
  yield 'stock';
  await open(city, page, '/kitchen/stock?q=zzzz', 'Nothing is called');
  yield 'stock, nothing found';
  await page.goto(`${city.base}/kitchen`);
  await serve(page);
  await button(page, 'Busy').click();
  await shown(page, 'The kitchen is busy');
  yield 'busy';
  await button(page, 'Close').click();
  await button(page, 'More').click();
  await shown(page, 'This tablet');
  yield 'this tablet';
}

/** Starts service, unless the tablet goes on by itself after a reload. */
async function serve(page) {
  const start = button(page, 'Start service');
  await start.or(page.getByRole('heading', { name: /^Preparing/ })).first().waitFor();
  if (await start.isVisible()) await start.click();
}

/** How an application stands, and the pictures that may still be sent. */
async function* riderApplied(city, page) {
  const { phone } = await applyAsRider(city);
  await page.getByText('How does my application stand?').click();
  await page.getByLabel('Mobile number').fill(phone);
  await button(page, 'Send me a code').click();
  await page.getByLabel('Code from the message').fill(await codeFor(city, phone));
  await button(page, 'Show it').click();
  await shown(page, 'Pictures of your papers');
  yield 'an application, pictures';
}

export async function* rider(city, guest) {
  const { page } = guest;
  await open(city, page, '/rider', 'one tap');
  yield 'login';
  await open(city, page, '/rider/apply', 'What do you ride?');
  await page.getByLabel('Driving licence: Choose a picture').setInputFiles(PAPER);
  await page.getByRole('img', { name: 'Picture: Driving licence' }).waitFor();
  yield 'applying';
  yield* riderApplied(city, page);
  await enter(city, guest, 'rider');
  await setShift(city, false);
  await open(city, page, '/rider', 'Start shift');
  yield 'before the shift';
  await button(page, 'Start shift').click();
  await shown(page, 'Waiting for an offer');
  await page.locator('canvas').first().waitFor();
  yield 'waiting';
  await button(page, /min break$/).click();
  await shown(page, 'On a break');
  yield 'on a break';
  await button(page, 'End the break').click();
  await shown(page, 'Waiting for an offer');
  yield* riderOffer(city, page);
  yield* riderJob(city, page);
  await open(city, page, '/rider/money', 'Cash you carry');
  yield 'money';
  await planShift(city);
  await open(city, page, '/rider/shifts', 'You can take');
  await button(page, 'Take').waitFor();
  yield 'planned shifts';
  await handInPaper(city);
  await open(city, page, '/rider/papers', 'The picture has arrived');
  await page.getByRole('img', { name: 'Picture: PAN' }).waitFor();
  yield 'papers';
  await button(page, 'Hand in a paper').click();
  await shown(page, 'Which paper?');
  yield 'handing a paper in';
  await open(city, page, '/rider/outbox', 'All sent');
  yield 'outbox';
  await button(page, 'Menu').click();
  await page.getByRole('dialog').waitFor();
  yield 'menu';
}

/** The offers are the real orders'; only that they were made to this rider is put into the answer, because the city may
    find somebody who is nearer. */
async function* riderOffer(city, page) {
  const orders = [await placeOrder(city), await placeOrder(city)];
  const scenes = [
    { name: 'offer', held: orders.slice(0, 1), joins: [], seen: 'New offer' },
    { name: 'offer of two orders', held: orders, joins: [], seen: '2 orders, one pickup' },
    { name: 'offer that joins another order', held: orders.slice(1), joins: [orders[0].number], seen: 'Also from this counter' },
  ];
  for (const { name, held, joins, seen } of scenes) {
    await page.route('**/couriers/*/offers', (route) => route.fulfill({ json: { items: [offerOf(held, joins)], next_cursor: null } }));
    await open(city, page, '/rider', seen);
    yield name;
    await page.unrouteAll();
  }
  for (const { id } of orders) await moveOrder(city, 'customer', id, { status: 'cancelled' });
}

/** An offer of these; with `joins`, of what rides with orders that are fetched there anyway. */
function offerOf(orders, joins) {
  const at = (seconds) => new Date(Date.now() + seconds * 1000).toISOString();
  const [{ id, number, zone_letter, restaurant }] = orders;
  const held = orders.map((order, index) => ({
    id: order.id, number: order.number, zone_letter: order.zone_letter, door: joins.length + index + 1, restaurant: { name: restaurant.name, locality: restaurant.locality },
    drop: { locality: order.address.line1, lat: order.address.lat + index / 400, lng: order.address.lng, by: at(2400 + index * 300) },
    distance_m: index === 0 ? 3310 : 640, pay_paise: 6150, item_count: 5, payment_method: 'cod', cash_to_collect_paise: order.total_paise, ready_at: at(900),
  }));
  const sum = (part) => held.reduce((total, order) => total + order[part], 0);
  const last_mile_m = sum('distance_m');
  const first_mile_m = joins.length > 0 ? 0 : 900;
  return {
    id, order_id: id, number, zone_letter, made_at: at(0), expires_at: at(600), pay_paise: sum('pay_paise'),
    pay_parts: [{ code: 'base', amount_paise: 2500 * held.length }, { code: 'distance', amount_paise: 1650 * held.length }, { code: 'tip', amount_paise: 2000 * held.length }],
    distance_m: first_mile_m + last_mile_m, duration_s: 1320 + 300 * (held.length - 1), first_mile_m, last_mile_m, item_count: sum('item_count'),
    payment_method: 'cod', cash_to_collect_paise: sum('cash_to_collect_paise'), orders: held, joins,
    pickup: { name: restaurant.name, locality: restaurant.locality, lat: restaurant.lat, lng: restaurant.lng, ready_at: at(900) },
    drop: held[0].drop,
  };
}

async function* riderJob(city, page) {
  const order = await placeOrder(city);
  await moveOrder(city, 'restaurant', order.id, { status: 'accepted', prep_minutes: 15 });
  await giveToRider(city, order.id);
  await open(city, page, '/rider', 'I am at the restaurant');
  await page.locator('canvas').first().waitFor();
  yield 'to the kitchen';
  // Where the pictures took long, the position said it already.
  await button(page, 'I am at the restaurant').click({ timeout: 2_000 }).catch(() => {});
  await shown(page, 'Ask for this lid');
  yield 'at the counter';
  await moveOrder(city, 'restaurant', order.id, { status: 'ready' });
  await button(page, 'I have the bag').and(page.locator(':enabled')).click();
  await shown(page, /digit code/);
  yield 'at the door';
  await button(page, 'Show the way here').click();
  await page.locator('canvas').first().waitFor();
  yield 'at the door, map';
  await button(page, 'Enter the code').click();
  await button(page, /^Cannot deliver/).click();
  await page.getByRole('dialog').waitFor();
  yield 'cannot deliver';
  const { delivery_code: code } = await readOrder(city, order.id);
  await moveOrder(city, 'courier', order.id, { status: 'delivered', code });
}

export async function* ops(city, guest) {
  const { page } = guest;
  await open(city, page, '/ops', 'one tap');
  yield 'login';
  await enter(city, guest, 'ops');
  await open(city, page, '/ops', 'open order');
  yield 'live';
  const order = await placeOrder(city);
  await moveOrder(city, 'restaurant', order.id, { status: 'accepted', prep_minutes: 15 });
  await open(city, page, `/ops?order=${order.id}`, /Give .* to/);
  await shown(page, /Ranked|Nobody/);
  yield 'live, giving an order';
  yield* fullRider(city, page, order);
  await open(city, page, '/ops?view=columns', /Unassigned|Rider comes later/);
  yield 'live, columns';
  await open(city, page, '/ops?view=orders', 'Promised');
  yield 'live, orders';
  await page.getByLabel(`Mark ${order.number}`, { exact: true }).check();
  await shown(page, '1 marked');
  yield 'live, moving several';
  yield* opsLists(city, page, order);
  await page.keyboard.press('Control+k');
  await page.getByRole('listbox').waitFor();
  yield 'palette';
  await page.keyboard.press('Escape');
  await page.getByRole('listbox').waitFor({ state: 'hidden' });
  await page.keyboard.press('?');
  await page.getByRole('heading', { name: 'Keyboard shortcuts' }).waitFor();
  yield 'shortcuts';
  await page.keyboard.press('Escape');
  await button(page, /^Account of/).click();
  yield 'account';
}

/** Whoever is chosen for an order gets the last room of the vehicle from somebody else meanwhile. */
async function* fullRider(city, page, order) {
  const riders = page.getByRole('radiogroup', { name: `Rider for ${order.number}` });
  const courier_id = await riders.getByRole('radio', { checked: true }).inputValue();
  const others = [];
  for (let count = 0; count < 4; count += 1) {
    const other = await placeOrder(city);
    await moveOrder(city, 'restaurant', other.id, { status: 'accepted', prep_minutes: 30 });
    await ask(city, 'dispatcher', 'POST', `/orders/${other.id}/assign`, { courier_id, note: 'fills the bag', beyond_room: true });
    others.push(other);
  }
  await page.getByLabel(/Why by hand/).fill('knows the gate');
  await page.keyboard.press('Enter');
  await shown(page, 'No room.');
  yield 'live, no room';
  await page.keyboard.press('Space');
  await button(page, /beyond room/).waitFor();
  yield 'live, beyond room';
  await page.keyboard.press('Enter');
  await shown(page, `${order.number} is with`);
  for (const { id } of [...others, order]) await ask(city, 'dispatcher', 'POST', '/orders/reassign', { order_ids: [id], courier_id: null, reason: 'it was for a picture' });
}

async function* opsLists(city, page, order) {
  await open(city, page, '/ops/orders', order.number);
  yield 'orders';
  await open(city, page, `/ops/orders?order=${order.id}`, 'What happened');
  yield 'order';
  const { customer_id: customer } = await account(city, 'customer');
  await open(city, page, '/ops/customers', 'New customer');
  await page.getByRole('table').waitFor();
  yield 'customers';
  await open(city, page, `/ops/customers?customer=${customer}`, 'Orders so far');
  yield 'customer';
  await page.goto(`${city.base}/ops/customers`);
  await button(page, 'New customer').click();
  await page.getByRole('dialog').waitFor();
  yield 'a new customer';
  await open(city, page, '/ops/riders', 'Ravi Naik');
  yield 'riders';
  await planShift(city);
  await open(city, page, '/ops/riders?tab=shifts', 'Plan shifts');
  await shown(page, /planned,/);
  yield 'riders, shifts';
  await open(city, page, '/ops/kitchens', 'Busy…');
  yield 'kitchens';
  await button(page, /^Pause /).click();
  await page.getByRole('dialog').waitFor();
  yield 'pausing a kitchen';
  await open(city, page, '/ops/numbers', 'What sells');
  yield 'numbers';
  await open(city, page, '/ops/arrivals', /came within the range|Nothing to compare yet/);
  yield 'arrivals';
}

/** What only an administrator sees of operations. */
export async function* admin(city, guest) {
  const { page } = guest;
  await enter(city, guest, 'admin');
  await readMenus(city);
  await open(city, page, '/ops/cache', 'Hit ratio, last hour');
  await page.locator('#row-menu_items').waitFor();
  yield 'cache';
  await open(city, page, '/ops/cache?ns=menu_items&all=1&log=hand', 'Clear menu_items');
  yield 'cache, one namespace';
  await page.getByRole('button', { name: /^Look at/ }).first().click();
  await page.getByRole('dialog').getByText('ETag').waitFor();
  yield 'cache, one key';
  await page.goto(`${city.base}/ops/cache?ns=menu_items`);
  await page.getByLabel('Chosen namespace').getByRole('switch').click();
  await page.getByRole('dialog').waitFor();
  yield 'cache, switching off';
  await button(page, 'Leave it').click();
  await button(page, 'Rules…').click();
  await page.getByRole('dialog').waitFor();
  yield 'cache, rules';
  const application = await applyAsRider(city);
  await open(city, page, '/ops/riders?tab=applications', application.name);
  yield 'riders, applications';
  await open(city, page, `/ops/riders?tab=applications&application=${application.id}`, 'Start looking');
  await button(page, 'Picture: PAN. Show it large').waitFor();
  yield 'riders, one application';
  await button(page, 'Picture: Driving licence. Show it large').click();
  await page.getByRole('dialog').getByRole('img', { name: 'Picture: Driving licence' }).waitFor();
  yield 'riders, a picture';
  await handInPaper(city);
  await open(city, page, '/ops/riders?tab=papers', 'Refuse…');
  yield 'riders, papers';
}

/** The tours by face. */
export const TOURS = { storefront, kitchen, rider, ops, admin };
