import { ConsumerGroup } from './consumer-group.ts';
import type { GroupOptions, Message } from './consumer-group.ts';
import type { Latency } from './latency.ts';
import type { RandomStream } from './random-stream.ts';
import type { Simulation } from './simulation.ts';

/** The broker is down. If it went down while a publisher waited, the message may have been stored all the same. */
export class BrokerDownError extends Error {
  override readonly name = 'BrokerDownError';
}

export interface TopicOptions {
  /** Time from storing a message to the publisher's knowing. At once when left out. */
  confirm?: Latency;
  /** Name of the stream of random numbers. */
  stream?: string;
}

/**
 * A durable topic of a broker; with one group it is a queue. What is stored is there for ever, and each group gets all of
 * it at least once. For messages lost on the way to the broker, or confirmations on the way back, publish through `callOver`.
 */
export class Topic<Body> {
  readonly #simulation: Simulation;
  readonly #confirm: Latency | undefined;
  readonly #random: RandomStream;
  readonly #messages: Message<Body>[] = [];
  readonly #groups = new Map<string, ConsumerGroup<Body>>();
  readonly #unconfirmed = new Set<(error: BrokerDownError) => void>();
  #isDown = false;

  constructor(simulation: Simulation, { confirm, stream = 'broker' }: TopicOptions = {}) {
    this.#simulation = simulation;
    this.#confirm = confirm;
    this.#random = simulation.stream(stream);
  }

  /** Messages ever stored. */
  get length(): number {
    return this.#messages.length;
  }

  get isDown(): boolean {
    return this.#isDown;
  }

  /**
   * Resolves with the offset when the broker has confirmed; consumers may see the message before.
   * @throws BrokerDownError: not stored if the broker was down already, stored if it went down before it confirmed
   */
  publish(body: Body, key?: string): Promise<number> {
    this.#simulation.settles();
    if (this.#isDown) return Promise.reject(new BrokerDownError('connection refused'));
    const message = { offset: this.#messages.length, key, body, publishedMs: this.#simulation.now() };
    this.#messages.push(message);
    for (const group of this.#groups.values()) group.offer(message);
    return this.#confirm === undefined ? Promise.resolve(message.offset) : this.#confirmed(message.offset, this.#confirm(this.#random));
  }

  /** The group of this name, which keeps its place whoever comes and goes. The first call decides its options. */
  group(name: string, options: GroupOptions = {}): ConsumerGroup<Body> {
    const known = this.#groups.get(name);
    if (known !== undefined) return known;
    const group = new ConsumerGroup<Body>(this.#simulation, options);
    this.#groups.set(name, group);
    if (options.from !== 'now') for (const message of this.#messages) group.offer(message);
    return group;
  }

  /** The broker dies. Messages and the places of the groups survive; confirmations and deliveries under way do not. */
  crash(): void {
    this.#isDown = true;
    this.#simulation.settles();
    for (const fail of this.#unconfirmed) fail(new BrokerDownError('the connection was reset'));
    this.#unconfirmed.clear();
    for (const group of this.#groups.values()) group.pause();
  }

  restart(): void {
    this.#isDown = false;
    for (const group of this.#groups.values()) group.resume();
  }

  #confirmed(offset: number, afterMs: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#unconfirmed.add(reject);
      this.#simulation.setTimeout(() => {
        this.#unconfirmed.delete(reject);
        resolve(offset);
      }, afterMs);
    });
  }
}
