/** Where on the drawing of the home page a problem stands, and what the drawing says to those who cannot see it. */
export const places = [
  { slug: 'clients-know-too-much-about-the-services', x: 112, y: 122 },
  { slug: 'a-retry-repeats-a-side-effect', x: 256, y: 136 },
  { slug: 'one-slow-service-takes-the-rest-down', x: 388, y: 92 },
  { slug: 'nobody-knows-where-a-request-failed', x: 267, y: 236 },
  { slug: 'a-legacy-system-cannot-be-replaced-at-once', x: 440, y: 178 },
  { slug: 'an-event-is-lost-after-a-commit', x: 234, y: 290 },
];

export const plateText = 'A web shop and a mobile app each call catalogue, accounts and orders. Orders calls payments, with a retry, and shipping; shipping calls an old warehouse system. Orders has a store of its own, from which events go through a queue to notifications and inventory. The numbers mark where the problems listed below arise.';
