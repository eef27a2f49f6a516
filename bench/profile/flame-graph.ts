// A flame graph as one SVG without a script: it opens without a network, and a frame shows its name and share
// in a tooltip. Written here because the libraries for it need a browser with d3, or put a megabyte of viewer into the
// page.
import { ownerOf } from './parts.ts';
import type { Frame, Stack } from './read-profile.ts';

interface Box {
  readonly label: string;
  readonly owner: string;
  micros: number;
  readonly inner: Map<string, Box>;
}

export interface FlameGraphOptions {
  readonly title: string;
  /** Frames of a smaller share are left out, so that the file stays small. */
  readonly leastShare?: number;
}

const [width, rowHeight, top, fontSize] = [1600, 17, 40, 11];
const characterWidth = 6.8;

export function drawFlameGraph(stacks: readonly Stack[], { title, leastShare = 0.001 }: FlameGraphOptions): string {
  const root = stackUp(stacks);
  const boxes: string[] = [];
  let deepest = 0;

  function draw({ label, owner, micros, inner }: Box, left: number, depth: number): void {
    const share = micros / root.micros;
    if (share < leastShare) return;
    deepest = Math.max(deepest, depth);
    boxes.push(drawBox({ label, owner, share, left, depth }));
    let at = left;
    for (const box of [...inner.values()].sort((one, other) => (one.label < other.label ? -1 : 1))) {
      draw(box, at, depth + 1);
      at += (box.micros / root.micros) * width;
    }
  }

  draw(root, 0, 0);
  const height = top + (deepest + 1) * rowHeight + 10;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="monospace" font-size="${fontSize}">
<rect width="100%" height="100%" fill="#fff"/>
<text x="8" y="24" font-size="16">${escapeText(title)}</text>
${boxes.join('\n')}
</svg>
`;
}

function stackUp(stacks: readonly Stack[]): Box {
  const root: Box = { label: 'all', owner: 'Node', micros: 0, inner: new Map() };
  for (const { frames, micros } of stacks) {
    root.micros += micros;
    let box = root;
    for (const frame of frames) {
      const label = labelOf(frame);
      const next = box.inner.get(label) ?? { label, owner: ownerOf(frame) ?? 'Node', micros: 0, inner: new Map() };
      next.micros += micros;
      box.inner.set(label, next);
      box = next;
    }
  }
  return root;
}

/** `verify (jose/dist/webapi/jwt/verify.js:12)`, or the function's name alone. */
function labelOf({ name, url, line }: Frame): string {
  const [, place = url] = /.*(?:node_modules\/|\/dist\/(?=src\/))(.+)/.exec(url) ?? [];
  return place === '' ? name : `${name} (${place}:${line})`;
}

interface Placed {
  readonly label: string;
  readonly owner: string;
  readonly share: number;
  readonly left: number;
  readonly depth: number;
}

/** The outermost on top, so that the widest parts are read first. */
function drawBox({ label, owner, share, left, depth }: Placed): string {
  const [boxWidth, y] = [share * width, top + depth * rowHeight];
  const characters = Math.floor((boxWidth - 4) / characterWidth);
  const text =
    characters < 3
      ? ''
      : `<text x="${(left + 2).toFixed(1)}" y="${y + 12}">${escapeText(label.slice(0, characters))}</text>`;
  const tooltip = `${escapeText(label)}: ${(share * 100).toFixed(1)} %`;
  const place = `x="${left.toFixed(1)}" y="${y}" width="${boxWidth.toFixed(1)}" height="${rowHeight - 1}"`;
  return `<g><title>${tooltip}</title><rect ${place} fill="${colourOf(owner)}"/>${text}</g>`;
}

/** Ours is green, Node grey, each library a warm colour of its own. */
function colourOf(owner: string): string {
  if (owner === 'Node') return '#ddd';
  const hue = [...owner].reduce((sum, sign) => sum * 31 + sign.charCodeAt(0), 7) % 60;
  return owner.startsWith('src') ? `hsl(${100 + (hue % 40)} 55% 72%)` : `hsl(${hue} 85% 72%)`;
}

const escapeText = (text: string): string => text.replaceAll(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
