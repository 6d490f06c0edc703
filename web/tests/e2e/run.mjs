// Browser tests: real server, real browser, nothing mocked.

import { oneOrder } from './order.mjs';
import { tell } from './support.mjs';

await tell({ 'one order through all four faces': oneOrder });
