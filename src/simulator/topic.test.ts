import { describe, expect, test } from 'vitest';
import { Consumer } from './consumer.ts';
import type { ConsumerOptions } from './consumer.ts';
import { ConnectionClosedError } from './consumer-group.ts';
import type { ConsumerGroup, Delivery } from './consumer-group.ts';
import { constantLatency } from './latency.ts';
import { Simulation } from './simulation.ts';
import { BrokerDownError, Topic } from './topic.ts';

interface Stage { simulation: Simulation; topic: Topic<number>; group: ConsumerGroup<number> }

function stage(seed = 1, options: Parameters<Topic<number>['group']>[1] = {}): Stage {
  const simulation = new Simulation(seed);
  const topic = new Topic<number>(simulation);
  return { simulation, topic, group: topic.group('workers', options) };
}

/** Receives without waiting: undefined when nothing is there now. */
async function receiveNow({ simulation, group }: Stage): Promise<Delivery<number> | undefined> {
  const connection = group.connect();
  let delivery: Delivery<number> | undefined;
  simulation.spawn(async () => { delivery = await connection.receive().catch(() => undefined); });
  await simulation.run(simulation.now());
  if (delivery === undefined) connection.close();
  return delivery;
}

const ascending = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

describe('delivery', () => {
  test('waits for a message, takes the oldest, counts, and never comes again after ack', async () => {
    const { simulation, topic, group } = stage();
    const seen: [number, number, number][] = [];
    const consumer = new Consumer(simulation, group, async ({ message, deliveries }) => void seen.push([message.body, deliveries, simulation.now()]));
    consumer.start();
    for (const body of [1, 2, 3]) simulation.setTimeout(() => void topic.publish(body), body * 10);
    await simulation.run(1000);
    expect(seen).toEqual([[1, 1, 10], [2, 1, 20], [3, 1, 30]]);
    expect([group.acknowledged, group.backlog, group.inHand, group.redelivered]).toEqual([3, 0, 0, 0]);
  });

  test('comes again when the visibility runs out, and the old hands can no longer settle it', async () => {
    const world = stage(1, { visibilityMs: 30 });
    void world.topic.publish(7);
    const first = await receiveNow(world);
    await world.simulation.run(29);
    expect(await receiveNow(world)).toBeUndefined();
    await world.simulation.run(30);
    const second = await receiveNow(world);
    expect([first?.deliveries, second?.deliveries, second?.message]).toEqual([1, 2, first?.message]);
    expect([first?.ack(), first?.nack(), first?.reject()]).toEqual([false, false, false]);
    expect([second?.ack(), second?.ack(), world.group.acknowledged]).toEqual([true, false, 1]);
    await world.simulation.run(1000);
    expect(world.group.backlog).toBe(0);
  });

  test('comes again after nack, at once or after a delay, before what is younger', async () => {
    const world = stage();
    void world.topic.publish(1);
    void world.topic.publish(2);
    (await receiveNow(world))?.nack();
    expect((await receiveNow(world))?.nack(50)).toBe(true);
    expect((await receiveNow(world))?.message.body).toBe(2);
    expect(await receiveNow(world)).toBeUndefined();
    expect(world.group.backlog).toBe(1);
    await world.simulation.run(50);
    expect(await receiveNow(world)).toMatchObject({ message: { body: 1 }, deliveries: 3 });
  });

  test('after the last allowed one a message is dead, however it came back, and its key goes on', async () => {
    const world = stage(1, { visibilityMs: 10, mostDeliveries: 2 });
    for (const body of [1, 2, 3, 4]) void world.topic.publish(body, 'one key');
    for (const giveBack of [async (each?: Delivery<number>) => each?.nack(), async () => world.simulation.run(world.simulation.now() + 10)]) {
      await giveBack(await receiveNow(world));
      await giveBack(await receiveNow(world));
    }
    (await receiveNow(world))?.reject();
    expect(world.group.deadLetters.map(({ body }) => body)).toEqual([1, 2, 3]);
    expect(await receiveNow(world)).toMatchObject({ message: { body: 4 }, deliveries: 1 });
  });

  test('a closed connection ends waiting, and gives back what is in hand in its order', async () => {
    const world = stage();
    const connection = world.group.connect();
    for (const body of [1, 2, 3]) void world.topic.publish(body);
    for (let each = 0; each < 3; each++) await connection.receive();
    const waiting = connection.receive().catch((error: unknown) => error);
    connection.close();
    expect(await waiting).toBeInstanceOf(ConnectionClosedError);
    await expect(connection.receive()).rejects.toThrow(ConnectionClosedError);
    const again = [await receiveNow(world), await receiveNow(world), await receiveNow(world)];
    expect(again.map((each) => each?.message.body)).toEqual([1, 2, 3]);
  });
});

test('of one key one message is in hand at a time, of all keys as many as there are consumers', async () => {
  const { simulation, topic, group } = stage();
  const random = simulation.stream('work');
  const underWork = new Map<string | undefined, number>();
  const most = new Map<string | undefined, number>();
  const done: number[] = [];
  for (let name = 0; name < 4; name++) {
    new Consumer(simulation, group, async ({ message: { key, body } }) => {
      underWork.set(key, (underWork.get(key) ?? 0) + 1);
      most.set(key, Math.max(most.get(key) ?? 0, underWork.get(key) ?? 0));
      await simulation.sleep(random.exponential(10));
      underWork.set(key, (underWork.get(key) ?? 0) - 1);
      done.push(body);
    }).start();
  }
  for (const body of ascending(300)) void topic.publish(body, ['a', 'b', undefined][body % 3]);
  await simulation.run(60_000);
  expect(most).toEqual(new Map([['a', 1], ['b', 1], [undefined, 4]]));
  for (const key of [0, 1]) expect(done.filter((body) => body % 3 === key)).toEqual(ascending(300).filter((body) => body % 3 === key));
});

describe('groups', () => {
  test('each gets everything, from its beginning, and keeps its place when nobody is there', async () => {
    const { simulation, topic, group } = stage();
    const heard: Record<string, number[]> = { workers: [], late: [], fresh: [] };
    const listen = (name: string, to: ConsumerGroup<number>): Consumer<number> => {
      const consumer = new Consumer(simulation, to, async ({ message }) => void heard[name]?.push(message.body));
      consumer.start();
      return consumer;
    };
    const first = listen('workers', group);
    void topic.publish(1);
    await simulation.run(10);
    await first.stop();
    void topic.publish(2);
    listen('late', topic.group('late'));
    listen('fresh', topic.group('fresh', { from: 'now' }));
    await simulation.run(20);
    expect(group.backlog).toBe(1);
    listen('workers', topic.group('workers'));
    void topic.publish(3);
    await simulation.run(30);
    expect(heard).toEqual({ workers: [1, 2, 3], late: [1, 2, 3], fresh: [3] });
  });
});

describe('publishing', () => {
  test('is confirmed late, after consumers may have seen the message', async () => {
    const simulation = new Simulation(1);
    const topic = new Topic<string>(simulation, { confirm: constantLatency(40) });
    const seen: [string, number][] = [];
    const consumer = new Consumer(simulation, topic.group('all'), async ({ message }) => void seen.push([message.body, simulation.now()]));
    consumer.start();
    simulation.spawn(async () => seen.push([`confirmed ${await topic.publish('order')}`, simulation.now()]));
    await simulation.run(100);
    expect(seen).toEqual([['order', 0], ['confirmed 0', 40]]);
  });

  test('fails without a trace while the broker is down, and with one when it goes down before the confirmation', async () => {
    const simulation = new Simulation(1);
    const topic = new Topic<string>(simulation, { confirm: constantLatency(40) });
    const ends: string[] = [];
    const publish = (body: string) => (): void => simulation.spawn(() => topic.publish(body).then(() => ends.push(`${body} confirmed`), (error: unknown) => ends.push(`${body} ${String(error)} at ${simulation.now()}`)));
    simulation.schedule(0, publish('early'));
    simulation.schedule(30, publish('caught'));
    simulation.schedule(50, () => topic.crash());
    simulation.schedule(60, publish('refused'));
    simulation.schedule(70, () => topic.restart());
    await simulation.run(200);
    expect(ends).toEqual(['early confirmed', `caught ${String(new BrokerDownError('the connection was reset'))} at 50`, `refused ${String(new BrokerDownError('connection refused'))} at 60`]);
    expect(topic.length).toBe(2);
  });

  test('a broker that comes back delivers again what nobody had acknowledged', async () => {
    const world = stage();
    for (const body of [1, 2]) void world.topic.publish(body);
    const [first, second] = [await receiveNow(world), await receiveNow(world)];
    first?.ack();
    world.topic.crash();
    expect(second?.ack()).toBe(false);
    expect(await receiveNow(world)).toBeUndefined();
    world.topic.restart();
    expect(await receiveNow(world)).toMatchObject({ message: { body: 2 }, deliveries: 2 });
  });
});

describe('consumers', () => {
  test('stop when what is in hand is done', async () => {
    const { simulation, topic, group } = stage();
    const done: number[] = [];
    const consumer = new Consumer(simulation, group, async ({ message }, signal) => {
      await simulation.sleep(30, signal);
      done.push(message.body);
    }, { parallel: 2 });
    consumer.start();
    for (const body of ascending(5)) void topic.publish(body);
    let stoppedMs = 0;
    simulation.schedule(10, () => simulation.spawn(() => consumer.stop().then(() => { stoppedMs = simulation.now(); })));
    await simulation.run(100);
    expect([done, stoppedMs, consumer.isUp, group.acknowledged, group.backlog]).toEqual([[0, 1], 30, false, 2, 3]);
  });

  test.each([[true, 15], [false, 100]])('that crash (noticed: %s) abort their work, and the message comes again at %i ms', async (isNoticed, againMs) => {
    const { simulation, topic, group } = stage(1, { visibilityMs: 100 });
    const log: string[] = [];
    const work = (name: string) => async ({ deliveries }: Delivery<number>, signal: AbortSignal): Promise<void> => {
      log.push(`${name} begins ${deliveries} at ${simulation.now()}`);
      await simulation.sleep(20, signal);
      log.push(`${name} done`);
    };
    const [one, two] = [new Consumer(simulation, group, work('one')), new Consumer(simulation, group, work('two'))];
    void topic.publish(1);
    one.start();
    simulation.schedule(15, () => one.crash(isNoticed));
    simulation.schedule(15, () => two.start());
    await simulation.run(300);
    expect(log).toEqual(['one begins 1 at 0', `two begins 2 at ${againMs}`, 'two done']);
    expect([group.acknowledged, one.isUp, one.busy]).toEqual([1, false, 0]);
  });

  test('a handler that throws is told of, and its message rests', async () => {
    const { simulation, topic, group } = stage(1, { mostDeliveries: 3 });
    const failures: [string, number, number][] = [];
    const options: ConsumerOptions<number> = { retryDelayMs: 25, onFailure: (error, { deliveries }) => failures.push([String(error), deliveries, simulation.now()]) };
    new Consumer<number>(simulation, group, async () => { throw new TypeError('poison'); }, options).start();
    void topic.publish(1);
    await simulation.run(1000);
    expect(failures).toEqual([['TypeError: poison', 1, 0], ['TypeError: poison', 2, 25], ['TypeError: poison', 3, 50]]);
    expect(group.deadLetters).toHaveLength(1);
  });
});

describe('whatever crashes, stalls or throws', () => {
  const messages = 400;
  const keys = 7;

  /** A bad day: consumers die and come back, noticed or not, the broker too; handlers throw and outstay their visibility. */
  async function badDay(seed: number, mostDeliveries = Infinity): Promise<{ log: string[]; done: number[]; stored: number[]; group: ConsumerGroup<number> }> {
    const { simulation, topic, group } = stage(seed, { visibilityMs: 200, mostDeliveries });
    const chance = simulation.stream('chance');
    const [log, done, stored]: [string[], number[], number[]] = [[], [], []];
    const consumers = ascending(4).map((name) => new Consumer<number>(simulation, group, async ({ message, deliveries }, signal) => {
      log.push(`${simulation.now()} ${name} ${message.body} ${deliveries}`);
      await simulation.sleep(chance.exponential(20), signal);
      if (chance.chance(0.02)) await simulation.sleep(150);
      if (chance.chance(0.1)) throw new Error('a bad moment');
      if (!signal.aborted) done.push(message.body);
    }, { parallel: 2 }));
    for (const consumer of consumers) consumer.start();
    for (let body = 0; body < messages; body++) {
      simulation.schedule(body * 5, () => simulation.spawn(async () => {
        await topic.publish(body, body % 3 === 0 ? undefined : `${body % keys}`).then(() => stored.push(body), () => {});
      }));
    }
    for (let at = 0; at < 60; at++) {
      const [consumer, isNoticed] = [consumers[at % 4], chance.chance(0.5)];
      simulation.setTimeout(() => consumer?.crash(isNoticed), 20 + at * 40);
      simulation.setTimeout(() => consumer?.start(), 20 + at * 40 + chance.exponential(100));
    }
    for (const fromMs of [500, 1200]) {
      simulation.setTimeout(() => topic.crash(), fromMs);
      simulation.setTimeout(() => topic.restart(), fromMs + 60);
    }
    await simulation.run(60_000);
    for (const consumer of consumers) consumer.start();
    await simulation.run(120_000);
    return { log, done, stored, group };
  }

  test.each([1, 2, 3, 4, 5])('no message is lost, each is worked off at least once, in the order of its key (seed %i)', async (seed) => {
    const { done, stored, group } = await badDay(seed);
    expect(stored.length).toBeGreaterThan(300);
    expect(new Set(done)).toEqual(new Set(stored));
    expect([group.acknowledged, group.backlog, group.inHand]).toEqual([stored.length, 0, 0]);
    expect(group.redelivered).toBeGreaterThan(20);
    for (let key = 0; key < keys; key++) {
      const firsts = [...new Set(done.filter((body) => body % 3 !== 0 && body % keys === key))];
      expect(firsts).toEqual(firsts.toSorted((one, other) => one - other));
      expect(firsts.length).toBeGreaterThan(20);
    }
  });

  test('with dead letters, each message is worked off or dead, none is neither', async () => {
    const { done, stored, group } = await badDay(6, 2);
    const dead = group.deadLetters.map(({ body }) => body);
    expect(dead.length).toBeGreaterThan(3);
    expect(new Set([...done, ...dead])).toEqual(new Set(stored));
    expect(group.acknowledged + dead.length).toBe(stored.length);
  });

  test('one seed gives one trace', async () => {
    const { log } = await badDay(7);
    expect((await badDay(7)).log).toEqual(log);
  });
});
