// Pictures of every screen, at three widths and in both themes, from a demo that runs: `npm run shots -- [FACE..]`.
// DABBA_URL says where (http://127.0.0.1:8000), SHOTS where to (test-results/shots), LANGUAGE_SHOWN=hi or ta takes one
// picture of each screen in that language. A tour looks for English words, so the language is changed only for the picture.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { emptyCart, visitCity } from './city.mjs';
import { FACES, person, standingAt, startBrowser } from './people.mjs';
import { ownKitchen } from './city.mjs';
import { TOURS } from './tour.mjs';

const SIZES = [{ width: 360, height: 800 }, { width: 768, height: 1024 }, { width: 1440, height: 900 }];
const THEMES = ['light', 'dark'];
const LANGUAGE = process.env.LANGUAGE_SHOWN;
const into = resolve(process.env.SHOTS ?? 'test-results/shots');
const faces = process.argv.slice(2).length > 0 ? process.argv.slice(2) : Object.keys(TOURS);

mkdirSync(into, { recursive: true });
const city = await visitCity(process.env.DABBA_URL ?? 'http://127.0.0.1:8000');
const browser = await startBrowser();
try {
  for (const face of faces) {
    await emptyCart(city);
    const guest = await person(browser, face, { ...FACES[face].device, ...standingAt(await ownKitchen(city)) });
    const names = [];
    for await (const screen of TOURS[face](city, guest)) names.push(...(await picture(guest.page, face, screen)));
    await guest.context.close();
    writeFileSync(join(into, `${face}.html`), sheet(face, names));
    console.log(`${face}: ${names.length} pictures, all on ${join(into, `${face}.html`)}`);
  }
} finally {
  await browser.close();
}

async function picture(page, face, screen) {
  if (LANGUAGE) return [await spoken(page, face, screen)];
  const names = [];
  for (const { width, height } of SIZES) {
    await page.setViewportSize({ width, height });
    for (const theme of THEMES) {
      await page.emulateMedia({ colorScheme: theme });
      const name = `${face}-${screen.replaceAll(/\W+/g, '-')}-${width}-${theme}.png`;
      await page.waitForTimeout(120);
      await page.screenshot({ path: join(into, name) });
      names.push(name);
    }
  }
  await page.setViewportSize(FACES[face].device.viewport);
  await page.emulateMedia({ colorScheme: 'light' });
  return names;
}

/** One picture in another language; what is open over the screen is closed by it. */
async function spoken(page, face, screen) {
  const speak = async (language) => {
    await page.evaluate((one) => localStorage.setItem('dabba.language', one), language);
    await page.reload();
    await page.waitForTimeout(1_200);
  };
  const name = `${face}-${screen.replaceAll(/\W+/g, '-')}-${LANGUAGE}.png`;
  await speak(LANGUAGE);
  await page.screenshot({ path: join(into, name) });
  await speak('en-IN');
  return name;
}

function sheet(face, names) {
  const figures = names.map((name) => `<figure><img src="${name}" alt="" loading="lazy"><figcaption>${name}</figcaption></figure>`);
  return `<!doctype html><meta charset="utf-8"><title>${face}</title><style>body{display:flex;flex-wrap:wrap;gap:16px;font:13px sans-serif}figure{margin:0}img{height:420px;border:1px solid #888}</style>${figures.join('')}`;
}
