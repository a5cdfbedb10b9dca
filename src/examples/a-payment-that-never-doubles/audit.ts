/** What has become of one order. */
interface Account { startMs: number; charges: number; bookings: number; bookedMs: number; told?: 'paid' | 'failed' }

/** Looks at every order from outside, for simulations: who was charged, told and booked, and how often. */
export class Audit {
  readonly #withinMs: number;
  readonly #count: (series: string, by: number) => void;
  readonly #accounts: Account[] = [];
  #unbooked = 0;

  /** @param withinMs how soon a booking has to follow its order */
  constructor(withinMs: number, count: (series: string, by: number) => void) {
    this.#withinMs = withinMs;
    this.#count = count;
  }

  /** Orders charged and not booked. */
  get unbooked(): number {
    return this.#unbooked;
  }

  open(order: number, startMs: number): void {
    this.#accounts[order] = { startMs, charges: 0, bookings: 0, bookedMs: 0 };
  }

  charged(order: number): void {
    this.#change(order, (account) => { account.charges += 1; });
  }

  booked(order: number, nowMs: number): void {
    this.#change(order, (account) => {
      account.bookings += 1;
      account.bookedMs = nowMs;
    });
  }

  told(order: number, answer: 'paid' | 'failed'): void {
    this.#change(order, (account) => { account.told = answer; });
  }

  #change(order: number, change: (account: Account) => void): void {
    const account = this.#accounts[order]!;
    const before = this.#verdicts(account);
    change(account);
    const after = this.#verdicts(account);
    for (const verdict of ['right', 'misled', 'extraCharges', 'extraBookings'] as const) this.#count(verdict, after[verdict] - before[verdict]);
    this.#unbooked += after.unbooked - before.unbooked;
  }

  #verdicts({ startMs, charges, bookings, bookedMs, told }: Account) {
    const isOnce = charges === 1 && bookings === 1 && bookedMs - startMs <= this.#withinMs;
    return {
      right: Number(told === 'paid' && isOnce),
      misled: Number(told === 'failed' && charges > 0),
      extraCharges: Math.max(0, charges - 1),
      extraBookings: Math.max(0, bookings - 1),
      unbooked: Number(charges > 0 && bookings === 0),
    };
  }
}
