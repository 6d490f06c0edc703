// Sikku kolam from a seed: a line that loops around a grid of dots and is its own mirror image four ways.
// Between two neighbouring dots there is a gate. Where the gate is open the lines cross in it; where it is
// shut (always at the border, sometimes inside) the line turns back around its dot. Walking the four quarters of
// each dot gives the whole drawing, the way it is taught: dots first, then the line around them.

/** What to draw, in a box of 100 by 100. */
export interface KolamDrawing {
  path: string;
  dots: [x: number, y: number][];
  radius: number;
  stroke: number;
}

type Side = 0 | 1 | 2 | 3;
const STEP: [number, number][] = [[0, -1], [1, 0], [0, 1], [-1, 0]];

/** A number from a text (FNV-1a), for seeds that are ids. */
export function seedNumber(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Which dots there are: diamonds, octagons and crosses, all four-fold. */
function shape(kind: number, half: number): (x: number, y: number) => boolean {
  const inside = (x: number, y: number): boolean => Math.abs(x) <= half && Math.abs(y) <= half;
  const sum = (x: number, y: number): number => Math.abs(x) + Math.abs(y);
  if (kind === 0) return (x, y) => inside(x, y) && sum(x, y) <= half;
  if (kind === 1) return (x, y) => inside(x, y) && sum(x, y) <= half + 1;
  return (x, y) => inside(x, y) && (sum(x, y) <= half + 1 || Math.abs(x) === 0 || Math.abs(y) === 0) && !(Math.abs(x) === half && Math.abs(y) === half);
}

/** One key for a gate and its seven mirror images: doubled midpoint, larger distance first. */
function gateKey(x: number, y: number, side: Side): string {
  const [dx, dy] = STEP[side] as [number, number];
  const far = Math.abs(2 * x + dx);
  const near = Math.abs(2 * y + dy);
  return `${Math.max(far, near)}:${Math.min(far, near)}`;
}

/** Draws the kolam of a seed; the same seed gives the same drawing for ever. */
export function drawKolam(seed: string): KolamDrawing {
  const number = seedNumber(seed);
  const random = generator(number);
  const half = 3;
  const has = shape(number % 3, half);
  const gap = 100 / (2 * half + 1.55);
  const radius = gap * 0.36;
  const shut = new Map<string, boolean>();
  const isOpen = (x: number, y: number, side: Side): boolean => {
    const [dx, dy] = STEP[side] as [number, number];
    if (!has(x + dx, y + dy)) return false;
    const key = gateKey(x, y, side);
    if (!shut.has(key)) shut.set(key, random() < 0.26);
    return !shut.get(key);
  };
  const dots: [number, number][] = [];
  const parts: string[] = [];
  for (let y = -half; y <= half; y += 1) {
    for (let x = -half; x <= half; x += 1) {
      if (!has(x, y)) continue;
      dots.push([round(50 + x * gap), round(50 + y * gap)]);
      parts.push(aroundDot(x, y, gap, radius, isOpen));
    }
  }
  return { path: parts.join(''), dots, radius: round(gap * 0.085), stroke: round(gap * 0.13) };
}

/** The four quarters around one dot. An open gate is met diagonally, a shut one along its circle. */
function aroundDot(x: number, y: number, gap: number, radius: number, isOpen: (x: number, y: number, side: Side) => boolean): string {
  const cx = 50 + x * gap;
  const cy = 50 + y * gap;
  let path = '';
  for (const side of [0, 1, 2, 3] as Side[]) {
    const next = ((side + 1) % 4) as Side;
    const from = end(cx, cy, side, isOpen(x, y, side), gap, radius, 1);
    const to = end(cx, cy, next, isOpen(x, y, next), gap, radius, -1);
    path += `M${xy(from.at)}C${xy(from.pull)} ${xy(to.pull)} ${xy(to.at)}`;
  }
  return path;
}

interface End {
  at: [number, number];
  pull: [number, number];
}

function end(cx: number, cy: number, side: Side, open: boolean, gap: number, radius: number, turn: 1 | -1): End {
  const [dx, dy] = STEP[side] as [number, number];
  const [tx, ty] = [-dy * turn, dx * turn];
  const reach = open ? gap / 2 : radius;
  const at: [number, number] = [cx + dx * reach, cy + dy * reach];
  const pull = radius * 0.58;
  const back = open ? 0.72 * pull : 0;
  const aside = open ? 0.72 * pull : pull;
  return { at, pull: [at[0] + tx * aside - dx * back, at[1] + ty * aside - dy * back] };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function xy([x, y]: [number, number]): string {
  return `${round(x)} ${round(y)}`;
}

/** The floor colour (1 to 6) of a seed. */
export function floorOf(seed: string): number {
  return (Math.floor(seedNumber(seed) / 7) % 6) + 1;
}
