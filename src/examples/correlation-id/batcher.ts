import { context } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { flowIdOf } from './correlation-id.ts';
import type { Correlation } from './correlation-id.ts';

export interface Member<Item> {
  readonly item: Item;
  /** Runs `work` in the flow of whoever added the item. */
  within<T>(work: () => T): T;
}

export interface BatcherOptions<Item> {
  readonly correlation: Correlation;
  readonly mostItems: number;
  readonly mostWaitMs: number;
  readonly send: (members: readonly Member<Item>[]) => void | Promise<void>;
  readonly clock?: Clock;
}

/** Collects items of many flows and sends them together, without mixing up the flows. */
export class Batcher<Item> {
  readonly #options: Required<BatcherOptions<Item>>;
  #waiting: { item: Item; flow: Context }[] = [];
  #timer: number | undefined;
  #underWay: Promise<void> = Promise.resolve();

  /** @throws RangeError naming the option, the rule and the value */
  constructor(options: BatcherOptions<Item>) {
    const { mostItems, mostWaitMs } = options;
    if (!(Number.isInteger(mostItems) && mostItems > 0)) throw new RangeError(`mostItems must be a positive integer: current value is ${mostItems}`);
    if (!(mostWaitMs >= 0 && mostWaitMs < Infinity)) throw new RangeError(`mostWaitMs must be a number from 0: current value is ${mostWaitMs}`);
    this.#options = { clock: systemClock, ...options };
  }

  // #region batch
  /** Returns at once. The flow is remembered with the item, because the timer knows only that of the first. */
  add(item: Item): void {
    this.#waiting.push({ item, flow: context.active() });
    if (this.#waiting.length >= this.#options.mostItems) void this.flush();
    else this.#timer ??= this.#options.clock.setTimeout(() => void this.flush(), this.#options.mostWaitMs);
  }

  /** Sends what waits and ends when no batch is under way. Never rejects: a failure is told by event. Call it before the process ends. */
  async flush(): Promise<void> {
    const { clock } = this.#options;
    if (this.#timer !== undefined) clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    const batch = this.#waiting.splice(0);
    if (batch.length > 0) this.#underWay = Promise.all([this.#underWay, this.#send(batch)]).then(() => {});
    await this.#underWay;
  }

  /** A flow of its own; one event leads from its id to those of the members. */
  #send(batch: readonly { item: Item; flow: Context }[]): Promise<void> {
    const { correlation, send } = this.#options;
    return correlation.begin(async (flowId) => {
      const members = [...new Set(batch.flatMap(({ flow }) => flowIdOf(flow) ?? []))];
      correlation.report({ type: 'batch', flowId, members });
      try {
        await send(batch.map(({ item, flow }) => ({ item, within: (work) => context.with(flow, work) })));
      } catch (error) {
        correlation.report({ type: 'batch-failed', flowId, error });
      }
    });
  }
  // #endregion batch
}
