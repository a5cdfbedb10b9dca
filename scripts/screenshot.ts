/** Takes the picture of README.md from the built site. Usage: npm run build && npm run screenshot */
import { fileURLToPath } from 'node:url';
import { preview } from 'astro';
import { launchBrowser } from './browser.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const picture = fileURLToPath(new URL('../.github/screenshot.png', import.meta.url));

const server = await preview({ root, logLevel: 'warn', server: { host: '127.0.0.1', port: 4390 } });
const browser = await launchBrowser();
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'light', reducedMotion: 'reduce' });
  await page.goto(`http://127.0.0.1:${server.port}/`, { waitUntil: 'networkidle' });
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: picture });
  console.log('.github/screenshot.png is new; look at it before you commit it');
} finally {
  await browser.close();
  await server.stop();
}
