// @vitest-environment node
import { JSDOM } from 'jsdom';
import { describe, expect, test } from 'vitest';
import { FontMetrics } from './font-metrics.ts';
import { layOutLabel, type LabelLayout } from './label-layout.ts';

const metrics = new FontMetrics();
const layout = (html: string): LabelLayout => {
  const element = new JSDOM(html).window.document.body.firstElementChild;
  if (!element) throw new Error('the test gave no element');
  return layOutLabel(element, metrics);
};
const texts = ({ lines }: LabelLayout): string[] => lines.map((line) => line.map((run) => run.text).join(''));

describe('layOutLabel', () => {
  test('is as wide as its longest line and as high as its lines', () => {
    const label = layout('<div style="font-size:14px;white-space:nowrap;line-height:1.5">one<br>three</div>');
    expect(texts(label)).toEqual(['one', 'three']);
    expect(label.width).toBe(metrics.width('three', 14));
    expect(label.height).toBe(42);
  });

  test('breaks between words at the given width', () => {
    const label = layout('<div style="font-size:14px;width:100px;white-space:break-spaces">a rather long label here</div>');
    expect(texts(label)).toEqual(['a rather long ', 'label here']);
    expect(label.width).toBe(100);
  });

  test('a word too long for the width widens the label', () => {
    expect(layout('<div style="font-size:14px;width:20px">Idempotency</div>').width).toBe(metrics.width('Idempotency', 14));
  });

  test('bold and italic words are measured and kept as such', () => {
    const label = layout('<div style="font-size:14px;white-space:nowrap"><p>a <strong>b</strong> <em>c</em></p></div>');
    const styles = label.lines[0]?.filter((run) => run.text.trim()).map(({ weight, italic }) => [weight, italic]);
    expect(styles).toEqual([[400, false], [600, false], [400, true]]);
  });

  test('an empty label takes no room', () => {
    expect(layout('<div><p> </p></div>')).toMatchObject({ lines: [], width: 0, height: 0 });
  });
});
