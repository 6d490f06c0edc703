// What holds for every screen: no accessibility violation that a machine can find, nothing wider than the window, no
// words cut off in a button, no error in the console; in light and dark, on a phone, a tablet and a desk.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { FACES } from './people.mjs';
import { TOURS } from './tour.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];
const WIDTHS = [360, 768, 1440];
const THEMES = ['light', 'dark'];
/** A tour gives an order to a rider who has no room, to show what is asked then. */
const REFUSED = /409 \(Conflict\).*\/orders\/[^/]+\/assign$/;

/** The story of one face: walks its tour and examines every screen. */
export function looksOf(face) {
  return async (city, meet) => {
    const guest = await meet(face, { ...FACES[face].device, expects: REFUSED, permissions: ['geolocation'], geolocation: { latitude: 12.97, longitude: 77.6 } });
    const faults = [];
    let screens = 0;
    try {
      for await (const screen of TOURS[face](city, guest)) {
        screens += 1;
        const found = await examine(guest.page, FACES[face].device.viewport);
        const said = guest.errors.splice(0).map((error) => `console: ${error}`);
        faults.push(...[...found, ...said].map((fault) => `${screen}: ${fault}`));
      }
    } catch (error) {
      faults.push(`the tour ends after ${screens} screens: ${error.stack}`);
    }
    if (faults.length > 0) throw new Error(`${faults.length} faults\n  ${faults.join('\n  ')}`);
    return `${screens} screens, each ${THEMES.length} times with axe and in ${WIDTHS.length * THEMES.length} sizes and themes`;
  };
}

async function examine(page, own) {
  const faults = [];
  for (const theme of THEMES) {
    await page.emulateMedia({ colorScheme: theme });
    faults.push(...(await violations(page)).map((fault) => `${theme}: ${fault}`));
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: own.height });
      faults.push(...(await overflows(page)).map((fault) => `${theme} at ${width}: ${fault}`));
    }
    await page.setViewportSize(own);
  }
  return faults;
}

/** What axe finds. Pins of a map may lie over each other (2.5.8 exempts them: where they lie is what they say), and the
    list beside the map has the same. */
async function violations(page) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  return page.evaluate(async (rules) => {
    const { violations: broken } = await window.axe.run(document, { runOnly: rules, resultTypes: ['violations'] });
    const pin = (id, target) => {
      // One that is gone by now moved on while it was looked at.
      const element = document.querySelector(target);
      return id === 'target-size' && (!element || element.closest('.leaflet-marker-pane'));
    };
    return broken.flatMap(({ id, nodes }) => nodes.filter(({ target }) => !pin(id, target[0])).slice(0, 3).map(({ target, failureSummary }) => `axe ${id} at ${target}: ${failureSummary.replaceAll(/\s+/g, ' ')}`));
  }, RULES);
}

/** What is wider than the window or than the dialog it is in, and buttons that cannot hold their words. */
function overflows(page) {
  return page.evaluate(async () => {
    await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
    const faults = [];
    const root = document.documentElement;
    const name = (element) => `${element.tagName.toLowerCase()}.${element.className} “${element.textContent.trim().slice(0, 40)}”`;
    const wide = (element) => element.scrollWidth > element.clientWidth + 1;
    if (root.scrollWidth > root.clientWidth + 1) {
      const beyond = [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > root.clientWidth + 1 && one.checkVisibility());
      faults.push(`the page is ${root.scrollWidth - root.clientWidth} px too wide, beginning with ${beyond[0] ? name(beyond[0]) : 'nothing visible'}`);
    }
    for (const one of document.querySelectorAll('dialog[open], dialog[open] .body')) if (wide(one)) faults.push(`${name(one)} scrolls sideways`);
    for (const one of document.querySelectorAll('button, a.btn')) {
      const cut = one.checkVisibility() && one.textContent.trim() !== '' && wide(one) && one.getBoundingClientRect().width > 1 && getComputedStyle(one).textOverflow !== 'ellipsis';
      if (cut) faults.push(`${name(one)} does not hold its words`);
    }
    return faults;
  });
}
