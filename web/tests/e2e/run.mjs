// Browser tests: real server, real browser. `node tests/e2e/run.mjs WORDS` runs the stories whose title holds WORDS.

import { everyAsset } from './assets.mjs';
import { becomesRider } from './courier.mjs';
import { preferencesFollow, twoDevices } from './carts.mjs';
import { cacheByHand, cacheForAdministrators } from './cache.mjs';
import { keyboardOnly } from './keyboard.mjs';
import { linkEnds } from './link.mjs';
import { looksOf } from './looks.mjs';
import { customerOffline, riderOffline } from './offline.mjs';
import { doubleTap, lostAnswer } from './once.mjs';
import { oneOrder } from './order.mjs';
import { statesOf } from './states.mjs';
import { tell } from './tell.mjs';
import { twoOrdersOneTrip } from './trip.mjs';
import { vitals } from './vitals.mjs';

await tell({
  'one order through all four faces': oneOrder,
  'two orders in one trip': twoOrdersOneTrip,
  'a link ends while it is open': linkEnds,
  'somebody becomes a rider': becomesRider,
  'every file that the faces name is there': everyAsset,
  'a double tap is one order': doubleTap,
  'a lost answer is one order': lostAnswer,
  'an order with the keyboard alone': keyboardOnly,
  'the cache cleared and warmed by hand': cacheByHand,
  'the cache is for administrators': cacheForAdministrators,
  'one cart on two devices': twoDevices,
  'preferences on two devices': preferencesFollow,
  'the rider without a network': riderOffline,
  'the customer without a network': customerOffline,
  'the first screens stand still': vitals,
  'loading, failing and empty in the storefront': statesOf('storefront'),
  'loading, failing and empty in the kitchen': statesOf('kitchen'),
  'loading, failing and empty for the rider': statesOf('rider'),
  'loading, failing and empty in operations': statesOf('ops'),
  'loading, failing and empty for administrators': statesOf('admin'),
  'every screen of the storefront': looksOf('storefront'),
  'every screen of the kitchen': looksOf('kitchen'),
  'every screen of the rider': looksOf('rider'),
  'every screen of operations': looksOf('ops'),
  'every screen of administrators': looksOf('admin'),
}, process.argv.slice(2).join(' '));
