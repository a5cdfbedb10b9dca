import { Fifo } from './fifo.ts';
import type { Simulation } from './simulation.ts';

/** The connection to the broker is closed; nothing more is delivered over it. */
export class ConnectionClosedError extends Error {
  override readonly name = 'ConnectionClosedError';
}

export interface Message<Body> {
  /** Place in the topic, from 0. */
  readonly offset: number;
  /** Messages of one key are delivered in order, one at a time; without a key in any order. */
  readonly key: string | undefined;
  readonly body: Body;
  readonly publishedMs: number;
}

export interface GroupOptions {
  /** A message that is not settled for so long is delivered again. Never, as long as its connection is open, when left out. */
  visibilityMs?: number;
  /** A message that comes back after so many deliveries is dead. Never when left out. */
  mostDeliveries?: number;
  /** Where a new group begins; at the beginning when left out. */
  from?: 'beginning' | 'now';
}

/**
 * A message in the hands of one consumer. All three return false, and change nothing, when the hands are no longer the
 * right ones: the visibility ran out, the connection is closed, or the message is settled already.
 */
export interface Delivery<Body> {
  readonly message: Message<Body>;
  /** 1 for the first delivery. The broker counts, so a consumer that dies of a message cannot forget it. */
  readonly deliveries: number;
  /** Done: never again for this group. */
  ack(): boolean;
  /** Not done: comes back after `delayMs`. Its key waits for it. */
  nack(delayMs?: number): boolean;
  /** Hopeless: dead at once. */
  reject(): boolean;
}

/** A consumer's end of the wire. */
export interface Connection<Body> {
  /** Resolves with the next message. @throws ConnectionClosedError */
  receive(): Promise<Delivery<Body>>;
  /** Ends waiting `receive`s and takes no new ones; what is in hand may still be settled. */
  stop(): void;
  /** Ends the connection: what is in hand comes back at once. */
  close(): void;
  /** The other side is gone without a word: what is in hand comes back when its visibility runs out. */
  vanish(): void;
}

interface Stored<Body> { message: Message<Body>; deliveries: number }
interface Wire<Body> { isOpen: boolean; inHand: Map<Stored<Body>, Lease>; waiting: Set<Receiver<Body>> }
interface Receiver<Body> { wire: Wire<Body>; resolve: (delivery: Delivery<Body>) => void; reject: (error: unknown) => void }
interface Lease { timer: number }

/** Consumers that share the messages of a topic. Each message is delivered until one of them acknowledges it. */
export class ConsumerGroup<Body> {
  readonly #simulation: Simulation;
  readonly #visibilityMs: number;
  readonly #mostDeliveries: number;
  readonly #ready = new Fifo<Stored<Body>>();
  /** For each key of which a message is ready, in hand or delayed: those behind it. */
  readonly #behind = new Map<string, Fifo<Stored<Body>>>();
  readonly #receivers = new Fifo<Receiver<Body>>();
  readonly #wires = new Set<Wire<Body>>();
  readonly #deadLetters: Message<Body>[] = [];
  #offered = 0;
  #acknowledged = 0;
  #inHand = 0;
  #redelivered = 0;
  #isPaused = false;

  constructor(simulation: Simulation, { visibilityMs = Infinity, mostDeliveries = Infinity }: GroupOptions) {
    this.#simulation = simulation;
    this.#visibilityMs = visibilityMs;
    this.#mostDeliveries = mostDeliveries;
  }

  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** Messages that consumers have and have not settled. */
  get inHand(): number {
    return this.#inHand;
  }

  /** Messages that wait, for a consumer, for one of the same key, or for their delay. */
  get backlog(): number {
    return this.#offered - this.#acknowledged - this.#deadLetters.length - this.#inHand;
  }

  /** Deliveries beyond the first of each message. */
  get redelivered(): number {
    return this.#redelivered;
  }

  get deadLetters(): readonly Message<Body>[] {
    return this.#deadLetters;
  }

  connect(): Connection<Body> {
    const wire: Wire<Body> = { isOpen: true, inHand: new Map(), waiting: new Set() };
    this.#wires.add(wire);
    return {
      receive: () => this.#receive(wire),
      stop: () => this.#stop(wire),
      close: () => {
        this.#stop(wire);
        this.#wires.delete(wire);
        this.#takeBack(wire);
      },
      vanish: () => this.#stop(wire),
    };
  }

  /** For the topic: a message more. */
  offer(message: Message<Body>): void {
    this.#offered += 1;
    const stored = { message, deliveries: 0 };
    const behind = message.key === undefined ? undefined : this.#behind.get(message.key);
    if (behind !== undefined) return behind.push(stored);
    if (message.key !== undefined) this.#behind.set(message.key, new Fifo());
    this.#ready.push(stored);
    this.#deliver();
  }

  /** For the topic, when it goes down: nothing is in anybody's hands any more. */
  pause(): void {
    this.#isPaused = true;
    for (const wire of this.#wires) this.#takeBack(wire);
  }

  /** For the topic, when it is up again. */
  resume(): void {
    this.#isPaused = false;
    this.#deliver();
  }

  #receive(wire: Wire<Body>): Promise<Delivery<Body>> {
    return new Promise((resolve, reject) => {
      if (!wire.isOpen) return reject(new ConnectionClosedError('the connection is closed'));
      const receiver = { wire, resolve, reject };
      wire.waiting.add(receiver);
      this.#receivers.push(receiver);
      this.#deliver();
    });
  }

  #stop(wire: Wire<Body>): void {
    wire.isOpen = false;
    this.#simulation.settles();
    for (const receiver of wire.waiting) {
      this.#receivers.remove(receiver);
      receiver.reject(new ConnectionClosedError('the connection is closed'));
    }
    wire.waiting.clear();
  }

  #deliver(): void {
    while (!this.#isPaused && this.#ready.length > 0 && this.#receivers.length > 0) {
      const stored = this.#ready.shift();
      const receiver = this.#receivers.shift();
      if (stored === undefined || receiver === undefined) return;
      this.#simulation.settles();
      receiver.wire.waiting.delete(receiver);
      receiver.resolve(this.#handOver(stored, receiver.wire));
    }
  }

  #handOver(stored: Stored<Body>, wire: Wire<Body>): Delivery<Body> {
    stored.deliveries += 1;
    if (stored.deliveries > 1) this.#redelivered += 1;
    const lease: Lease = { timer: 0 };
    /** Ends this delivery, if it is still the present one. */
    const end = (settle: () => void) => (): boolean => {
      if (wire.inHand.get(stored) !== lease) return false;
      wire.inHand.delete(stored);
      this.#inHand -= 1;
      this.#simulation.clearTimeout(lease.timer);
      settle();
      return true;
    };
    wire.inHand.set(stored, lease);
    this.#inHand += 1;
    if (this.#visibilityMs < Infinity) lease.timer = this.#simulation.schedule(this.#visibilityMs, end(() => this.#return([stored])));
    return {
      message: stored.message,
      deliveries: stored.deliveries,
      ack: end(() => {
        this.#acknowledged += 1;
        this.#settle(stored);
      }),
      nack: (delayMs = 0) => end(() => {
        if (delayMs > 0 && stored.deliveries < this.#mostDeliveries) this.#simulation.schedule(delayMs, () => this.#return([stored]));
        else this.#return([stored]);
      })(),
      reject: end(() => this.#bury(stored)),
    };
  }

  #takeBack(wire: Wire<Body>): void {
    const unsettled = [...wire.inHand];
    wire.inHand.clear();
    this.#inHand -= unsettled.length;
    for (const [, { timer }] of unsettled) this.#simulation.clearTimeout(timer);
    this.#return(unsettled.map(([stored]) => stored));
  }

  /** To the front, the oldest first, or among the dead. */
  #return(unsettled: Stored<Body>[]): void {
    const isDead = ({ deliveries }: Stored<Body>): boolean => deliveries >= this.#mostDeliveries;
    for (const stored of unsettled.toSorted((one, other) => other.message.offset - one.message.offset)) {
      if (!isDead(stored)) this.#ready.unshift(stored);
    }
    for (const stored of unsettled.filter(isDead)) this.#bury(stored);
    this.#deliver();
  }

  #bury(stored: Stored<Body>): void {
    this.#deadLetters.push(stored.message);
    this.#settle(stored);
  }

  /** Lets the next of the key through. */
  #settle({ message: { key } }: Stored<Body>): void {
    if (key === undefined) return;
    const next = this.#behind.get(key)?.shift();
    if (next === undefined) this.#behind.delete(key);
    else {
      this.#ready.push(next);
      this.#deliver();
    }
  }
}
