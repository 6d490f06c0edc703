// Somebody becomes a rider: applies on the phone with pictures of the papers, is looked at and approved at the desk, logs in and begins a shift.

import assert from 'node:assert/strict';
import { codeFor, newPhone } from './city.mjs';
import { PAPER } from './paper.mjs';
import { enter, FACES } from './people.mjs';

const YEAR = new Date().getFullYear();

export async function becomesRider(city, meet) {
  const phone = newPhone();
  const applicant = await meet('applicant', { ...FACES.rider.device, expects: /ERR_FAILED .*picture$/ });
  await applies(city, applicant.page, phone);
  await looksAtOwnPictures(city, applicant.page, phone);
  const desk = await meet('desk', FACES.admin.device);
  await enter(city, desk, 'admin');
  await approves(city, desk.page);
  await logsIn(city, applicant.page, phone);
}

async function applies(city, page, phone) {
  await page.goto(`${city.base}/rider`);
  await page.getByRole('link', { name: 'Become a rider' }).click();
  await page.getByLabel('Your name').fill('Nandini Shetty');
  await page.getByText('ಕನ್ನಡ').click();
  await page.getByRole('textbox', { name: 'Driving licence' }).fill('KA01 20190001234');
  await page.getByRole('textbox', { name: 'Vehicle registration' }).fill('KA 01 AB 1234');
  await page.getByRole('textbox', { name: 'Insurance' }).fill('POL/2026/88');
  for (const day of await page.getByLabel('Last day on which it holds').all()) await day.fill(`${YEAR + 2}-03-31`);
  await page.getByRole('textbox', { name: 'PAN' }).fill('AAZPZ0001A');
  await page.getByRole('textbox', { name: 'Aadhaar' }).pressSequentially('705812345678');
  assert.equal(await page.getByRole('textbox', { name: 'Aadhaar' }).inputValue(), '7058', 'no more than four digits fit');
  await takesPictures(page);
  await page.getByLabel('Mobile number').fill(phone);
  await page.getByRole('button', { name: 'Send me a code' }).click();
  await page.getByLabel('Code from the message').fill(await codeFor(city, phone));
  // The first picture is lost on its way, and sent again.
  let lost = false;
  await page.route('**/picture', (route) => { if (lost) return route.continue(); lost = true; return route.abort(); });
  await page.getByRole('button', { name: 'Apply', exact: true }).click();
  await page.getByRole('heading', { name: 'Your application is in' }).waitFor();
  await page.getByRole('button', { name: 'Send it again' }).click();
  await page.getByRole('button', { name: 'Send it again' }).waitFor({ state: 'detached' });
  await page.getByLabel('PAN: Choose a picture').setInputFiles(PAPER);
  await page.getByText('The picture has arrived').nth(3).waitFor();
  assert.equal(await page.getByText('The picture has arrived').count(), 4, 'of an Aadhaar none is needed');
}

/** Later, on a page that knows nothing of what was taken: what has arrived is shown, and asked for again where it was lost on its way. */
async function looksAtOwnPictures(city, page, phone) {
  let lost = false;
  await page.route('**/picture', (route) => { if (lost) return route.continue(); lost = true; return route.abort(); });
  await page.goto(`${city.base}/rider/apply`);
  await page.getByText('How does my application stand?').click();
  await page.getByLabel('Mobile number').fill(phone);
  await page.getByRole('button', { name: 'Send me a code' }).click();
  await page.getByLabel('Code from the message').fill(await codeFor(city, phone));
  await page.getByRole('button', { name: 'Show it', exact: true }).click();
  await page.getByText('It cannot be shown just now.').waitFor();
  await page.getByRole('button', { name: 'Show it again' }).click();
  for (const paper of ['Driving licence', 'Vehicle registration', 'Insurance', 'PAN']) {
    await page.getByRole('img', { name: `Picture: ${paper}` }).waitFor();
  }
  await page.unroute('**/picture');
}

/** Three papers while the form is filled in; what is no picture is not taken. */
async function takesPictures(page) {
  await page.getByLabel('PAN: Choose a picture').setInputFiles({ name: 'letter.txt', mimeType: 'text/plain', buffer: Buffer.from('Dear office') });
  await page.getByText('This file is no picture that can be read here.').waitFor();
  for (const paper of ['Driving licence', 'Vehicle registration', 'Insurance']) {
    await page.getByLabel(`${paper}: Take a photo`).setInputFiles(PAPER);
    await page.getByRole('img', { name: `Picture: ${paper}` }).waitFor();
  }
}

async function approves(city, page) {
  await page.goto(`${city.base}/ops/riders?tab=applications`);
  await page.getByRole('button', { name: 'Nandini Shetty' }).click();
  await page.getByText('KA0120190001234').waitFor();
  await looksAtPicture(page);
  await page.getByRole('button', { name: 'Start looking' }).click();
  await page.getByRole('button', { name: /^Reject and/ }).click();
  await page.getByText('Say why; the person is told.').waitFor();
  await page.getByRole('button', { name: /^Approve:/ }).click();
  await page.getByRole('button', { name: /^Suspend( |$|:)/ }).waitFor();
}

/** With the keyboard alone; the phone sent less than it took. */
async function looksAtPicture(page) {
  const picture = page.getByRole('button', { name: 'Picture: Driving licence. Show it large' });
  await picture.focus();
  await page.keyboard.press('Enter');
  const large = page.getByRole('dialog').getByRole('img', { name: 'Picture: Driving licence' });
  await large.waitFor();
  assert.deepEqual(await large.evaluate((image) => [image.naturalWidth, image.naturalHeight]), [1600, 1008]);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

async function logsIn(city, page, phone) {
  // The page after applying shows no login before the decision; the message leads there.
  await page.goto(`${city.base}/rider`);
  await page.getByText('Code', { exact: false }).first().waitFor();
  await page.getByRole('radio', { name: /code/i }).check({ force: true });
  await page.getByRole('textbox', { name: /mobile/i }).fill(phone);
  // The newest message so far tells of the decision; the code comes after it.
  await page.getByRole('button', { name: /Send/ }).click();
  await page.getByLabel('Code from the message').fill(await codeFor(city, phone));
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  await page.getByRole('heading', { name: 'Ready, Nandini?' }).waitFor();
}
