import { extract, inject } from '../distributed-tracing/trace-context.ts';
import type { Tracer } from '../distributed-tracing/distributed-tracing.ts';
import type { Definition, Send, Step } from '../saga/contract.ts';
import type { Order } from '../saga/place-order.ts';
import type { Placed } from './an-order-across-four-services.ts';
import type { Message } from './inbox.ts';

type Headers = Placed['headers'];

// #region request
/** At the door of orders. What `place` stores carries the trace to all that follows. */
export function followRequest<Result>(
  tracer: Tracer, headers: Headers, order: Order,
  place: (placed: Placed) => Promise<Result>,
): Promise<Result> {
  return tracer.serve('POST /orders', headers, (context) =>
    place({ ...order, headers: inject(context) }));
}
// #endregion request

// #region saga
/** Each attempt is a span in the trace of its order, whoever makes it, however late. */
export function followSaga(
  tracer: Tracer, definition: Definition<Placed>,
): Definition<Placed> {
  const follow = (name: string, send: Send<Placed>): Send<Placed> =>
    (command, signal) => {
      const { input } = command;
      const sender = extract(input.headers);
      if (sender.found !== 'context') return send(command, signal);
      return tracer.call(sender.context, name, (headers) =>
        send({ ...command, input: { ...input, headers } }, signal));
    };
  const followStep = (step: Step<Placed>): Step<Placed> => {
    const run = follow(step.name, step.run);
    if (step.kind !== 'compensatable') return { ...step, run };
    return { ...step, run, undo: follow(`undo ${step.name}`, step.undo) };
  };
  return { ...definition, steps: definition.steps.map(followStep) };
}
// #endregion saga

// #region receivers
/** At a participant: its span belongs under the attempt that called it. */
export function followCommand(
  tracer: Tracer, name: string, send: Send<Placed>,
): Send<Placed> {
  return (command, signal) =>
    tracer.serve(name, command.input.headers, () => send(command, signal));
}

/** At a consumer. A copy gets a span too: the trace shows how often it came. */
export function followMessage(
  tracer: Tracer, hear: (message: Message) => Promise<unknown>,
): (message: Message) => Promise<unknown> {
  return (message) =>
    tracer.consume(message.type, [message.headers], () => hear(message));
}
// #endregion receivers
