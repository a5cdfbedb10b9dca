// @vitest-environment node
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { createDraw, type Draw } from './draw.ts';
import type { RuledDrawing } from './drawing.ts';
import { generateSheet, specimens } from './generate-sheet.ts';
import { locateError } from './locate.ts';
import { SHARED_SHEET } from './shared-sheet.ts';

let draw: Draw;
let drawings: { name: string; drawing: RuledDrawing }[];

beforeAll(async () => {
  draw = await createDraw();
  drawings = [];
  for (const { name, source } of specimens()) drawings.push({ name, drawing: await draw({ source, id: `dg-${name}` }) });
});

const svgOf = async (source: string, id = 'dg-t'): Promise<string> => (await draw({ source, id })).svg;

/** Digests of the drawings; they change with Mermaid, the font or the cleaning, and then somebody has to look at them. */
describe('specimens', () => {
  test('are drawn to the byte as they were looked at last', () => {
    const seen = drawings.map(({ name, drawing: { svg, width, height } }) => {
      const digest = createHash('sha256').update(svg).digest('hex').slice(0, 12);
      return `${name} ${width}x${height} ${digest}`;
    });
    expect(seen).toMatchSnapshot();
  });

  test('are the same when drawn again in another order', async () => {
    const again = [];
    for (const { name, source } of specimens().reverse()) again.push(await svgOf(source, `dg-${name}`));
    expect(again.reverse()).toEqual(drawings.map(({ drawing }) => drawing.svg));
  });

  test('hold no HTML, sheet, script or data attribute', () => {
    const left = drawings.filter(({ drawing }) => /<(?:foreignObject|style|div|span|p|script|image)\b|\sdata-|\son\w+=/.test(drawing.svg));
    expect(left.map(({ name }) => name)).toEqual([]);
  });

  test('hold no colour but tokens', () => {
    const colours = drawings.flatMap(({ drawing }) => drawing.svg.match(/#[0-9a-f]{3,8}\b(?!")|(?:rgb|hsl)a?\(|="(?:white|black)"/g) ?? []);
    expect(colours).toEqual([]);
    expect(drawings.flatMap(({ drawing }) => drawing.warnings)).toEqual([]);
  });

  test('name only ids of their own, and every reference has its target', () => {
    for (const { name, drawing } of drawings) {
      const ids = [...drawing.svg.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
      const references = [...drawing.svg.matchAll(/url\(#([^)]+)\)/g)].map(([, id]) => id);
      expect(ids.filter((id) => !id?.startsWith(`dg-${name}`))).toEqual([]);
      expect(new Set(ids).size).toBe(ids.length);
      expect(references.filter((id) => !ids.includes(id))).toEqual([]);
    }
  });

  test('weigh less than 20 KB each', () => {
    expect(drawings.filter(({ drawing }) => drawing.svg.length >= 20_000).map(({ name }) => name)).toEqual([]);
  });

  test('rest on the shared sheet as it stands in the repository', async () => {
    expect(await generateSheet()).toBe(readFileSync(SHARED_SHEET, 'utf8'));
  });
});

describe('labels', () => {
  test('fit inside their boxes', async () => {
    const svg = await svgOf('flowchart TD\n  a[Order service] --> b[A payment service with a rather long name]\n');
    const widths = [...svg.matchAll(/<rect[^>]*label-container[^>]*? width="([\d.]+)"/g)].map(([, width]) => Number(width));
    expect(widths).toHaveLength(2);
    expect(Math.min(...widths)).toBeGreaterThan(92);
  });

  test('keep the words of two lines apart', async () => {
    expect(await svgOf('flowchart TD\n  a[one<br>two]')).toMatch(/>one <\/tspan><tspan[^>]*>two</);
  });

  test('lose pictures with a warning', async () => {
    const { svg, warnings } = await draw({ source: 'flowchart TD\n a["x <img src=/y.png>"]', id: 'dg-t' });
    expect(svg).not.toMatch(/<im(?:g|age)/);
    expect(warnings).toEqual(['images, icons and maths in labels are not supported and were left out']);
  });
});

describe('accessibility', () => {
  test('every type of diagram has a name and a description', () => {
    for (const { drawing } of drawings) {
      const [, title] = /aria-labelledby="([^"]+)"/.exec(drawing.svg) ?? [];
      const [, description] = /aria-describedby="([^"]+)"/.exec(drawing.svg) ?? [];
      expect(drawing.svg).toContain(`<title id="${title}">${drawing.title}</title>`);
      expect(drawing.svg).toContain(`<desc id="${description}">${drawing.description}</desc>`);
    }
  });

  test('a drawing is an image, and with links a group, or nobody could reach them', async () => {
    const linked = await draw({ source: 'flowchart TD\n  a[Saga] --> b\n  click a "/patterns/saga/" "Saga"', id: 'dg-t' });
    expect(linked.links).toEqual(['/patterns/saga/']);
    expect(linked.svg).toContain('role="group"');
    expect(linked.svg).toMatch(/<a [^>]*href="\/patterns\/saga\/"/);
    expect(linked.svg).not.toContain('xlink');
    expect(await svgOf('flowchart TD\n  a --> b')).toContain('role="img"');
  });
});

describe('hostile and stubborn input', () => {
  const active = /<script|<img|<iframe|\son\w+=|href="\s*(?:javascript|data):|url\(\/\//i;

  test('markup in labels stays inert', async () => {
    expect(await svgOf('flowchart TD\n a["<img src=x onerror=alert(1)>"] --> b')).not.toMatch(active);
    expect(await svgOf('flowchart TD\n a["<script>alert(1)</script>x"]')).not.toMatch(active);
    expect(await svgOf('sequenceDiagram\n A->>B: <svg/onload=alert(1)>')).not.toMatch(active);
  });

  test('a link to a script leads nowhere', async () => {
    expect(await svgOf('flowchart TD\n a --> b\n click a "javascript:alert(1)"')).not.toMatch(active);
  });

  test('a directive cannot loosen the security', async () => {
    const source = '%%{init: {"securityLevel":"loose","themeCSS":"*{background:url(//x)}"}}%%\nflowchart TD\n a["<b onclick=alert(1)>x</b>"]';
    expect(await svgOf(source)).not.toMatch(active);
  });

  test('an author cannot override theme or look', async () => {
    const plain = await svgOf('flowchart TD\n a --> b');
    expect(await svgOf('---\nconfig:\n  theme: forest\n  look: handDrawn\n---\nflowchart TD\n a --> b')).toBe(plain);
    expect(await svgOf('%%{init: {"theme":"dark","themeVariables":{"primaryColor":"#f00"}}}%%\nflowchart TD\n a --> b')).toBe(plain);
  });

  test('a literal colour is named in a warning', async () => {
    const { warnings } = await draw({ source: 'flowchart TD\n a --> b\n style a fill:#bada55', id: 'dg-t' });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/#bada55.*:::accent/);
  });
});

describe('errors', () => {
  const lineOf = async (source: string): Promise<number | undefined> => {
    const error: unknown = await draw({ source, id: 'dg-t' }).catch((reason: unknown) => reason);
    return locateError(error, source)?.line;
  };

  test('are located in a flowchart', async () => {
    expect(await lineOf('flowchart LR\n  A --> B\n  B --> [oops\n')).toBe(3);
  });

  test('are located behind front matter and comments', async () => {
    expect(await lineOf('---\ntitle: x\n---\n%% comment\nflowchart LR\n  A --> B\n  B --> [oops\n')).toBe(7);
  });

  test('are located in a sequence diagram', async () => {
    expect(await lineOf('sequenceDiagram\n  A->>B: hi\n  B-->>: no\n')).toBe(3);
  });

  test('are located in a state diagram', async () => {
    expect(await lineOf('stateDiagram-v2\n  [*] --> A\n  A --> : x\n')).toBe(3);
  });

  test('leave the next diagram untouched', async () => {
    const before = await svgOf('flowchart TD\n a --> b');
    await lineOf('flowchart TD\n a --> [');
    expect(await svgOf('flowchart TD\n a --> b')).toBe(before);
  });
});
