// A picture of a paper, as large as a phone takes it: a card with a face and lines, drawn here as a PNG.

import { crc32, deflateSync } from 'node:zlib';

const WIDTH = 2000;
const HEIGHT = 1260;

/** Colour of a point: the table, the card on it, the photo, lines of writing. */
function colour(x, y) {
  if (x < 120 || x >= WIDTH - 120 || y < 100 || y >= HEIGHT - 100) return [96, 74, 58];
  if (y < 280) return [22, 84, 130];
  if (x >= 220 && x < 640 && y >= 400 && y < 940) return Math.hypot(x - 430, y - 620) < 130 || (y > 780 && Math.hypot(x - 430, y - 1000) < 210) ? [120, 96, 84] : [196, 208, 216];
  if (x >= 760 && x < 1680 - ((y / 120) | 0) * 60 && y >= 400 && y < 1000 && y % 120 > 84) return [40, 44, 50];
  return [236, 240, 228];
}

function chunk(kind, data) {
  const body = Buffer.concat([Buffer.from(kind), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

function png() {
  const head = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0]);
  head.writeUInt32BE(WIDTH, 0);
  head.writeUInt32BE(HEIGHT, 4);
  const lines = Buffer.alloc((WIDTH * 3 + 1) * HEIGHT);
  for (let y = 0; y < HEIGHT; y += 1) {
    for (let x = 0; x < WIDTH; x += 1) lines.set(colour(x, y), y * (WIDTH * 3 + 1) + 1 + x * 3);
  }
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', deflateSync(lines)), chunk('IEND', Buffer.alloc(0))]);
}

/** As a file that somebody chooses. */
export const PAPER = { name: 'paper.png', mimeType: 'image/png', buffer: png() };
