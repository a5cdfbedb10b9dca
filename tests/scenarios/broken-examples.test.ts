/** What runs is what is shown: who breaks the text of an example gets another outcome, through the same linker that the reader's editor uses. */
import { describe, expect, test } from 'vitest';
import { scenarioTexts } from '../../src/components/examples.ts';
import { isSlip } from '../../src/elements/error-place.ts';
import { compileFiles, linkScenario } from '../../src/elements/load-scenario.ts';
import { outcomeOf, scenarios, summaryOf } from './every-scenario.ts';

/** In `file` of the example, `from` (which stands there once) becomes `to`. `with` names a thing to try whose settings show it; else the defaults do. */
interface Break { name: string; file: string; from: string; to: string; with?: string }

const breaks: Record<string, Break[]> = {
  'a-payment-that-never-doubles': [
    { name: 'an inbox that lets copies through', file: 'inbox.ts', from: 'if (isNew.length === 0) return false;', to: '' },
    { name: 'a charge without the key of its row', file: 'a-payment-that-never-doubles.ts', from: 'charge({ ...payment, key: downstreamKey }, signal)', to: 'charge({ ...payment }, signal)' },
    { name: 'a payment that nobody announces', file: 'a-payment-that-never-doubles.ts', from: 'await recordEvent(transaction, paymentTaken(payment));', to: '' },
    { name: 'a caller who takes "still at work" for a no', file: 'a-payment-that-never-doubles.ts', from: 'statusOf(error) === 409 || ', to: '' },
    { name: 'an attempt without an end', file: 'attempt-limit.ts', from: 'either.addEventListener(', to: 'signal.addEventListener(', with: 'calm' },
  ],
  'an-order-across-four-services': [
    { name: 'a saga that ends without a word', file: 'an-order-across-four-services.ts', from: 'await recordEvent(open, { key: order, type, payload }, placed.headers);', to: '' },
    { name: 'a saga that takes the money too', file: 'an-order-across-four-services.ts', from: "steps.filter(({ kind }) => kind !== 'retriable')", to: 'steps' },
    { name: 'an inbox that remembers nothing', file: 'inbox.ts', from: 'await perform(open, key, effect);', to: "{ state: 'done', result: await effect(), repeated: false };" },
  ],
  'ambassador': [
    { name: 'a client that waits for ever all the same', file: 'ambassador.ts', from: 'within(limitMs, (left)', to: 'within(1e6, (left)', with: 'once' },
    { name: 'a try without an end', file: 'ambassador.ts', from: 'within(tryMs, (ours)', to: 'within(1e6, (ours)' },
    { name: 'no second try', file: 'ambassador.ts', from: 'endpoints.slice(0, most)', to: 'endpoints.slice(0, 1)' },
  ],
  'api-gateway': [
    { name: 'a gateway that can leave nothing out', file: 'aggregate.ts', from: 'if (part.required || signal.aborted) throw error;', to: 'throw error;' },
    { name: 'a limit that comes late', file: 'limit.ts', from: 'limit.abort(reason()), ms)', to: 'limit.abort(reason()), 3 * ms)' },
    { name: 'a service that may have one call open', file: 'backend.ts', from: 'this.#inFlight >= maxConcurrent', to: 'this.#inFlight >= 1' },
  ],
  'application-metrics': [
    { name: 'buckets of one instance for those of all', file: 'buckets.ts', from: 'parts.reduce((sum, { counts }) => sum + counts[at]!, 0)', to: 'parts[0]!.counts[at]!' },
    { name: 'a quantile at the upper bound of its bucket', file: 'buckets.ts', from: 'above + (upTo - above) * (rank - below) / count', to: 'upTo' },
    { name: 'values in the bucket below their own', file: 'buckets.ts', from: 'value <= bound)', to: 'value <= 4 * bound)' },
  ],
  'asynchronous-request-reply': [
    { name: 'a caller who does not wait as long as he is told', file: 'client.ts', from: 'const told = retryAfterMs(reply);', to: 'const told = undefined as number | undefined;' },
    { name: 'a key that finds nothing', file: 'memory-jobs.ts', from: 'job.owner === owner && job.key === key', to: 'false', with: 'lost' },
    { name: 'a time that does not know the queue', file: 'asynchronous-request-reply.ts', from: 'await this.#store.ahead(job) / this.#options.workers + 1', to: '1', with: 'month-end' },
    { name: 'a worker that gives no sign of life', file: 'worker.ts', from: 'await store.renew(job, leaseMs, progress).catch(() => true)', to: 'true' },
  ],
  'backpressure': [
    { name: 'credit that never comes back', file: 'backpressure.ts', from: 'this.#grant(finished);', to: '' },
    { name: 'a window of one, whatever was asked', file: 'backpressure.ts', from: 'this.#grant(window);', to: 'this.#grant(1);', with: 'wide' },
    { name: 'credit that comes back for an item that was only taken', file: 'backpressure.ts', from: 'yield this.#buffer.shift()!;', to: 'this.#grant(1); yield this.#buffer.shift()!; continue;' },
  ],
  'api-composition': [
    { name: 'a composer that asks for one id at a time', file: 'api-composition.ts', from: 'Math.ceil(ids.length / owner.mostIds)', to: 'ids.length' },
    { name: 'a deadline that comes late', file: 'api-composition.ts', from: '), deadlineMs);', to: '), 4 * deadlineMs);', with: 'hang' },
    { name: 'a gap that fails the whole', file: 'api-composition.ts', from: 'if (owner.required) throw', to: 'throw', with: 'hang' },
    { name: 'an owner that is asked in a row', file: 'api-composition.ts', from: 'Math.min(owner.mostCalls ?? 2, batches.length)', to: 'Math.min(1, batches.length)', with: 'smaller' },
  ],
  'bulkhead': [
    { name: 'slots without a bound', file: 'bulkhead.ts', from: 'this.#running < this.#options.slots', to: 'true' },
    { name: 'a queue without a bound', file: 'bulkhead.ts', from: 'this.#waiting.size >= queue', to: 'false' },
    { name: 'slots that are not given back', file: 'bulkhead.ts', from: 'if (enter === undefined) this.#running -= 1;', to: 'if (enter === undefined) return;' },
  ],
  'cache-aside': [
    { name: 'a lease that whoever asks gets', file: 'memory-cache.ts', from: "slot.state === 'hit' ? { state: 'hit', value: slot.value } : { state: 'busy' };", to: "slot.state === 'hit' ? { state: 'hit', value: slot.value } : { state: 'leased', lease: slot.lease };" },
    { name: 'a value that is kept whatever has changed', file: 'memory-cache.ts', from: 'if (!this.#stands(slot, lease)) return false;\n    const { limitMs } = slot;', to: 'const limitMs = Infinity;' },
    { name: 'a change that drops nothing', file: 'cache-aside.ts', from: 'await this.forget(key);', to: '' },
    { name: 'a hold that holds nothing', file: 'memory-cache.ts', from: 'Math.min(this.#clock.now() + ttlMs, limitMs)', to: 'this.#clock.now() + ttlMs', with: 'hold' },
    { name: 'patience without an end', file: 'cache-aside.ts', from: "if (clock.now() >= giveUpMs) return", to: "if (clock.now() >= Infinity) return", with: 'impatient' },
  ],
  'cache-fallback': [
    { name: 'a copy that never stands in', file: 'cache-fallback.ts', from: "outcome.verdict === 'unavailable' ? this.#usable(key) : undefined", to: 'undefined' },
    { name: 'a copy without an end', file: 'cache-fallback.ts', from: 'this.#age(copy) <= this.#options.freshMs + this.#options.staleMs', to: 'true', with: 'bound' },
  ],
  'choreography': [
    { name: 'a step that does not wait for the other', file: 'choreography.ts', from: 'needs.every((type)', to: 'needs.some((type)', with: 'prompt' },
    { name: 'a reminder that ends at the first who has done its part', file: 'choreography.ts', from: 'await open.tell(again);', to: '' },
    { name: 'an owner who never reminds', file: 'watch.ts', from: 'known.reminders < mostReminders', to: 'false' },
    { name: 'a deadline that passes unseen', file: 'watch.ts', from: "state === 'open' && dueMs <= nowMs", to: 'false' },
  ],
  'circuit-breaker': [
    { name: 'a breaker that never opens', file: 'circuit-breaker.ts', from: "verdict === 'failed' && tripped", to: "verdict === 'failed' && tripped && false" },
    { name: 'a breaker that closes without a probe', file: 'circuit-breaker.ts', from: "this.#enter({ state: 'half-open', underWay: new Set(), successes: 0, cause });", to: 'this.#enter(this.#closed());' },
    { name: 'a window that forgets nothing', file: 'outcome-window.ts', from: 'bucket.index > index - bucketCount', to: 'true', with: 'blips' },
  ],
  'client-side-discovery': [
    { name: 'an error that is forgotten at once', file: 'client-side-discovery.ts', from: 'entry.failedAtMs.push(nowMs);', to: '' },
    { name: 'an instance that is never set aside', file: 'client-side-discovery.ts', from: 'if (entry.inARow < failures) return;', to: 'if (entry.inARow > 0) return;', with: 'dead' },
    { name: 'a share without a bound', file: 'client-side-discovery.ts', from: 'if (aside + 1 > mostAside * this.#entries.length)', to: 'if (false)', with: 'dead' },
    { name: 'the most loaded of all', file: 'choices.ts', from: 'Math.min(', to: 'Math.max(' },
    { name: 'an empty list that is believed', file: 'client-side-discovery.ts', from: "if (instances.length === 0) return this.#emit({ type: 'empty ignored', size });", to: '', with: 'empty' },
    { name: 'callers who ask in step', file: 'list-refresh.ts', from: 'longestMs * (0.5 + random() / 2)', to: 'longestMs' },
  ],
  'competing-consumers': [
    { name: 'a consumer that takes more than it works on', file: 'competing-consumers.ts', from: 'inHand.size >= parallel', to: 'false' },
    { name: 'a lease that nobody renews', file: 'competing-consumers.ts', from: '  let renewal = clock.setTimeout(renew, renewMs);', to: '  let renewal = 0; if (!renew) renew();', with: 'short' },
    { name: 'an acknowledgement before the work', file: 'competing-consumers.ts', from: '    await handle(delivery, work.signal);', to: '    await queue.acknowledge(delivery); await handle(delivery, work.signal);', with: 'dying' },
    { name: 'pauses that do not grow', file: 'competing-consumers.ts', from: '2 ** (deliveries - 1)', to: '1', with: 'many' },
    { name: 'a broker that takes any receipt', file: 'memory-broker.ts', from: ' && row.deliveries === deliveries', to: '', with: 'short' },
    { name: 'a key that waits for nobody', file: 'memory-broker.ts', from: 'busy.has(row.key)', to: 'false', with: 'keyed' },
  ],
  'cqrs': [
    { name: 'a query that does not wait', file: 'cqrs.ts', from: 'const isCurrent = found.position >= wanted;', to: 'const isCurrent = true;' },
    { name: 'a query that waits without an end', file: 'cqrs.ts', from: 'if (leftMs <= 0) throw', to: 'if (false) throw', with: 'restart' },
    { name: 'a checkpoint that does not move', file: 'projector.ts', from: 'if (count > 0) await', to: 'if (false) await' },
    { name: 'a projector that sleeps although there is more to do', file: 'projector.ts', from: 'if (applied > 0) continue;', to: '', with: 'flood' },
    { name: 'a command that says nothing of its position', file: 'orders.ts', from: 'return row!.position;', to: 'return 0 * row!.position;' },
  ],
  'dead-letter-queue': [
    { name: 'a consumer that never gives up', file: 'dead-letter-queue.ts', from: 'if (deliveries >= maxDeliveries) return', to: 'if (false) return', with: 'untold' },
    { name: 'deaths that nobody counts', file: 'dead-letter-queue.ts', from: 'if (deliveries > maxDeliveries) return', to: 'if (false) return', with: 'deadly' },
    { name: 'a refusal that is tried again', file: 'dead-letter-queue.ts', from: 'if (isHopeless(error)) return', to: 'if (false) return' },
    { name: 'a letter that is not stored', file: 'dead-letter-queue.ts', from: '    await deadLetters.put(', to: '    void (', with: 'unreadable' },
    { name: 'pauses that do not grow', file: 'dead-letter-queue.ts', from: '2 ** (deliveries - 1)', to: '1', with: 'away' },
    { name: 'letters that stay when they are sent again', file: 'redrive.ts', from: '    await deadLetters.remove(letter);', to: '', with: 'redrive' },
  ],
  'event-sourcing': [
    { name: 'a conflict that nobody decides again', file: 'event-sourcing.ts', from: 'if (attempt === maxAttempts) throw error;', to: 'throw error;' },
    { name: 'an append without a condition', file: 'event-sourcing.ts', from: 'return written.length === events.length;', to: 'return true;', with: 'hot' },
    { name: 'pauses that do not grow', file: 'event-sourcing.ts', from: '2 ** (attempt - 1)', to: '1', with: 'hot' },
    { name: 'snapshots that nobody keeps', file: 'event-sourcing.ts', from: 'if (replayed < snapshotEvery) return;', to: 'if (replayed >= 0) return;' },
  ],
  'fallback': [
    { name: 'a substitute that nobody asks', file: 'fallback.ts', from: 'cause = error;', to: 'throw error;' },
    { name: 'a substitute for every error', file: 'fallback.ts', from: 'if (!isUnavailable(error)) {', to: 'if (false) {' },
    { name: 'a substitute without a bound', file: 'fallback.ts', from: 'if (running >= slots) throw', to: 'if (false) throw', with: 'both' },
    { name: 'slots that are not given back', file: 'fallback.ts', from: 'this.#running.get(substitute)! - 1', to: 'this.#running.get(substitute)!', with: 'both' },
  ],
  'gateway-aggregation': [
    { name: 'a widget that fails the page', file: 'gateway-aggregation.ts', from: 'if (part.required) throw', to: 'throw' },
    { name: 'one limit for all parts', file: 'gateway-aggregation.ts', from: 'Math.min(part.timeoutMs, endMs - startMs)', to: 'endMs - startMs' },
    { name: 'slots without a bound', file: 'slots.ts', from: 'this.#open >= this.#most', to: 'false' },
    { name: 'slots that are not given back', file: 'slots.ts', from: 'this.#open -= 1;', to: '' },
  ],
  'health-check': [
    { name: 'a process that is ready before it is warm', file: 'health-check.ts', from: "if (this.#phase !== 'serving') return no(this.#phase);", to: '', with: 'rollout' },
    { name: 'a verdict that one failure turns', file: 'background-check.ts', from: 'ok ? successes : failures', to: '1' },
    { name: 'readiness that does not ask', file: 'health-check.ts', from: 'return isDying || isUnfit ?', to: 'return isDying ?' },
    { name: 'a balancer that never panics', file: 'instance-pool.ts', from: 'available.length < all.length * this.#options.panicShare', to: 'false', with: 'panic' },
    { name: 'a balancer that ejects nobody', file: 'instance-pool.ts', from: 'member.untilMs = clock.now() + forMs;', to: '', with: 'ejects' },
    { name: 'a shutdown that is not unready first', file: 'graceful-shutdown.ts', from: 'await clock.sleep(noticeMs);', to: 'await close();', with: 'rollout' },
  ],
  'idempotency-key': [
    { name: 'an answer that is not repeated', file: 'idempotency-key.ts', from: "if ('status' in claim) return { ...claim, replayed: true };", to: "if ('status' in claim) return { ...(await work.call(request.key, signal), claim), replayed: true };" },
    { name: 'a busy key that sends away for its whole lease', file: 'idempotency-key.ts', from: 'Math.min(remainingMs, retryAfterMs)', to: 'remainingMs', with: 'slow' },
  ],
  'log-aggregation': [
    { name: 'a buffer without a bound', file: 'log-aggregation.ts', from: 'this.held < this.#options.mostLines', to: 'true', with: 'long' },
    { name: 'a batch that is forgotten when the collector does not answer', file: 'log-aggregation.ts', from: 'this.#routine.unshift(...routine);', to: '' },
    { name: 'a batch that waits for nobody', file: 'log-aggregation.ts', from: 'full ? 0 : everyMs)', to: '1)', with: 'crashes' },
    { name: 'batches of one line', file: 'log-aggregation.ts', from: 'mostPerBatch - important.length', to: '1', with: 'debug' },
  ],
  'load-shedding': [
    { name: 'slots without a bound', file: 'load-shedding.ts', from: 'this.#running < this.#options.slots', to: 'true' },
    { name: 'a wait that nobody estimates', file: 'load-shedding.ts', from: "if (expectedMs > waitMs) throw this.#refusal(priority, 'would wait', 0);", to: '' },
    { name: 'an estimate that learns nothing', file: 'load-shedding.ts', from: 'this.#holdMs += weight * (heldMs - this.#holdMs);', to: '', with: 'high' },
    { name: 'the least important first', file: 'load-shedding.ts', from: 'this.#waiting.find(', to: 'this.#waiting.findLast(' },
  ],
  'idempotent-consumer': [
    { name: 'an inbox that lets copies through', file: 'idempotent-consumer.ts', from: "if (!entry!.isNew) return 'copy';", to: '' },
    { name: 'a consumer that acknowledges nothing', file: 'idempotent-consumer.ts', from: '    await delivery.ack();', to: '' },
    { name: 'a memory that does not know its end', file: 'memory-database.ts', from: ' && ageMs <= oldestMs', to: '', with: 'forgets' },
    { name: 'a memory that forgets too soon', file: 'idempotent-consumer.ts', from: 'const keptMs = retainMs + skewMs;', to: 'const keptMs = retainMs / 4;', with: 'forgets' },
  ],
  'leader-election': [
    { name: 'a fence that lets everybody through', file: 'fence.ts', from: 'epoch < this.#epoch', to: 'false' },
    { name: 'a lease that nobody renews', file: 'leader-election.ts', from: 'if (goesOn === true) untilMs', to: 'if (false) untilMs', with: 'long' },
    { name: 'a leader that gives nothing back', file: 'leader-election.ts', from: 'await this.#ask((limit) => store.release(epoch, limit), leaseMs);', to: '', with: 'short' },
    { name: 'a lease that runs for ever', file: 'memory-lease.ts', from: 'this.#untilMs > this.#clock.now()', to: 'this.#epoch > 0' },
  ],
  'one-slow-service': [
    { name: 'layers inside out', file: 'one-slow-service.ts', from: 'order.reduceRight(', to: 'order.reduce(' },
    { name: 'a limit that comes late', file: 'layers.ts', from: 'startLimit(clock, limitMs,', to: 'startLimit(clock, 4 * limitMs,' },
    { name: 'refusals of our own that count as failures', file: 'meaning.ts', from: "down: 'failed', refused: 'ignored'", to: "down: 'failed', refused: 'failed'" },
    { name: 'refusals of our own that are tried again', file: 'meaning.ts', from: "return 'refused';", to: "return 'brief';" },
  ],
  'messaging': [
    { name: 'a message that is gone before the work', file: 'memory-broker.ts', from: 'row.deliveries += 1;', to: 'row.deliveries += 1; channel.rows = channel.rows.filter((each) => each !== row);' },
    { name: 'a failure that is acknowledged', file: 'receiver.ts', from: 'await broker.giveBack(channel, delivery, retryMs);', to: 'await broker.acknowledge(channel, delivery);' },
    { name: 'requests that never expire', file: 'messaging.ts', from: ', ttlMs: timeoutMs }', to: ' }', with: 'answer' },
    { name: 'a caller who waits for ever', file: 'messaging.ts', from: '), timeoutMs);', to: '), 1e6);', with: 'answer' },
    { name: 'answers that nobody takes', file: 'messaging.ts', from: 'pending.resolve(answer.result)', to: 'undefined', with: 'answer' },
  ],
  'out-of-the-monolith': [
    { name: 'a move that does not mind what differs', file: 'evidence.ts', from: 'const isWrong = seen.mismatch > mayDiffer * compared;', to: 'const isWrong = false;' },
    { name: 'a move that does not mind what fails', file: 'evidence.ts', from: 'const isWeak = lost > mayFail * asked;', to: 'const isWeak = false;', with: 'load' },
    { name: 'a move that waits for no evidence', file: 'evidence.ts', from: "if (asked < enough) return 'stay';", to: '', with: 'rare' },
    { name: 'a move that never rehearses all', file: 'out-of-the-monolith.ts', from: "{ name: 'rehearse all', rehearsed: 1,", to: "{ name: 'rehearse all', rehearsed: 0.25,", with: 'load' },
  ],
  'orchestration': [
    { name: 'a log that is not read', file: 'orchestration.ts', from: "if (known?.state === 'done') return known.value as Result;", to: '' },
    { name: 'a deadline that begins anew with each turn', file: 'orchestration.ts', from: 'known?.leftMs ?? withinMs', to: 'withinMs' },
    { name: 'a case that sleeps through its message', file: 'memory-store.ts', from: 'if (!found.isLeased) found.dueMs = Math.min(found.dueMs, this.clock.now());', to: '' },
    { name: 'a conductor that never repeats', file: 'orchestration.ts', from: 'if (attempts === maxAttempts) return', to: 'return' },
  ],
  'polling-publisher': [
    { name: 'a publisher that sleeps although something got through', file: 'polling-publisher.ts', from: 'if (published > 0) continue;', to: '', with: 'hot' },
    { name: 'pauses that do not grow', file: 'polling-publisher.ts', from: 'Math.min(2 * pauseMs, maxPollMs)', to: 'pollMs', with: 'quiet' },
    { name: 'a publisher that does not mark', file: 'polling-publisher.ts', from: 'if (confirmed.length > 0)', to: 'if (false)' },
    { name: 'claims without an end', file: 'polling-publisher.ts', from: '[batchSize, leaseMs]', to: '[batchSize, 100 * leaseMs]', with: 'dies' },
  ],
  'publish-subscribe': [
    { name: 'a subscriber that takes more than it can work on', file: 'subscriber.ts', from: 'const room = parallel - inHand.size;', to: 'const room = parallel;', with: 'slow' },
    { name: 'a message that never dies', file: 'publish-subscribe.ts', from: 'hopeless || deliveries >= maxDeliveries', to: 'hopeless', with: 'dies' },
    { name: 'a topic that forgets nothing', file: 'memory-store.ts', from: 'this.#messages.length - most', to: '0', with: 'kept' },
  ],
  'queue-based-load-leveling': [
    { name: 'a queue without a bound', file: 'queue-based-load-leveling.ts', from: 'this.#store.put(id, body, this.#places)', to: 'this.#store.put(id, body, Infinity)', with: 'bound' },
    { name: 'a worker without a pace', file: 'steady-worker.ts', from: 'clock.now() + 1_000 / perSecond;', to: '0;' },
    { name: 'a worker that takes more than it may', file: 'steady-worker.ts', from: 'inHand.size >= parallel', to: 'false' },
    { name: 'pauses that do not grow', file: 'steady-worker.ts', from: '2 ** (deliveries - 1)', to: '1', with: 'away' },
    { name: 'a message that is gone before the work', file: 'memory-queue.ts', from: 'row.deliveries += 1;', to: 'row.deliveries += 1; this.#rows.delete(id);', with: 'away' },
  ],
  'rate-limiting': [
    { name: 'a bucket that is always full', file: 'rate-limiting.ts', from: 'this.#remember(key, fullAtMs, nowMs);', to: '' },
    { name: 'a bucket without a bottom', file: 'rate-limiting.ts', from: 'waitMs > mostWaitMs || cost > capacity', to: 'cost > capacity' },
    { name: 'a caller who does not wait', file: 'rate-limiting.ts', from: 'if (waitMs === 0) return;', to: 'if (waitMs >= 0) return;', with: 'wait' },
    { name: 'a window that never ends', file: 'windows.ts', from: 'if (window > this.#window) [this.#window, this.#count] = [window, 0];', to: 'this.#window = window;' },
  ],
  'request-coalescing': [
    { name: 'work that nobody joins', file: 'request-coalescing.ts', from: 'this.#joinable(key) ?? this.#start(key, work)', to: 'this.#start(key, work)' },
    { name: 'work that may hang for ever', file: 'request-coalescing.ts', from: '}, limitMs);', to: '}, 1e6);', with: 'limit' },
    { name: 'a key that is not freed', file: 'request-coalescing.ts', from: 'if (this.#flights.get(flight.key) === flight) this.#flights.delete(flight.key);', to: '' },
    { name: 'a value that nobody keeps', file: 'read-through.ts', from: 'if (shared.isCurrent()) await', to: 'if (!shared.isCurrent()) await' },
  ],
  'retry-with-backoff': [
    { name: 'backoff without jitter', file: 'retry-with-backoff.ts', from: 'return random() * Math.min(', to: 'return Math.min(' },
    { name: 'pauses that do not grow', file: 'retry-with-backoff.ts', from: '2 ** (failedAttempts - 1)', to: '1' },
    { name: 'a budget that always pays', file: 'retry-budget.ts', from: 'if (this.#saved < this.#price) return false;', to: '', with: 'storm' },
  ],
  'saga': [
    { name: 'a refusal that turns nothing around', file: 'saga.ts', from: "if (!(error instanceof StepRefusedError) || !forwards || step.kind === 'retriable') {", to: 'if (forwards || !forwards) {' },
    { name: 'pauses that do not grow', file: 'saga.ts', from: '2 ** (saga.attempts - 1)', to: '1' },
  ],
  'server-side-discovery': [
    { name: 'an endpoint that never falls ill', file: 'server-side-discovery.ts', from: 'if (entry.against < needed) return;', to: 'if (entry.against < needed || !isWell) return;' },
    { name: 'a list that is obeyed whatever the checks say', file: 'server-side-discovery.ts', from: "if (!this.#options.checks || entry.health !== 'well')", to: 'if (true)', with: 'empty' },
    { name: 'a router that cannot panic', file: 'server-side-discovery.ts', from: 'well.length < checked * panicShare', to: 'false', with: 'checks' },
    { name: 'a router that counts nothing', file: 'server-side-discovery.ts', from: 'loads[index] === least', to: 'true' },
    { name: 'a failure that is forgotten at once', file: 'server-side-discovery.ts', from: 'if (signal?.aborted !== true) entry.failedAtMs.push(this.#options.clock.now());', to: '' },
    { name: 'a connection that outlives its endpoint', file: 'server-side-discovery.ts', from: 'clock.now() >= dueMs || !isUsable()', to: 'clock.now() >= dueMs' },
    { name: 'rounds that are not drawn', file: 'health-checks.ts', from: 'intervalMs * (0.75 + random() / 2)', to: 'intervalMs' },
  ],
  'service-registry': [
    { name: 'a registry that believes every lapse', file: 'service-registry.ts', from: 'overdue.length > 0 && lapsed >= minLapsed && lapsed > known * maxLapsedShare', to: 'false' },
    { name: 'a registry that tells a part for the whole', file: 'service-registry.ts', from: 'if (startsMs > 0) throw new RegistryStartingError(startsMs);', to: '', with: 'restart' },
    { name: 'callers who ask again together', file: 'directory.ts', from: 'waitMs = random() * pauseMs;', to: 'waitMs = pauseMs;' },
    { name: 'instances that never register again', file: 'registration.ts', from: '        lease = undefined;', to: '', with: 'restart' },
  ],
  'sidecar': [
    { name: 'a service that does not wait for its helper', file: 'sidecar.ts', from: "if (!(await this.#comesUp(kept, stop))) return this.#endHelpers(stop.aborted ? 'stopped' : 'not started', clock.now() + graceMs);", to: '' },
    { name: 'time for stopping without an end', file: 'sidecar.ts', from: 'const endMs = clock.now() + graceMs;', to: 'const endMs = Infinity;', with: 'grace' },
    { name: 'a call that nobody repeats', file: 'local-hop.ts', from: 'if (!(error instanceof NotListeningError)) throw error;', to: 'throw error;', with: 'fast' },
    { name: 'ready without its helper', file: 'sidecar.ts', from: 'if (isUp) return !signal.aborted;', to: 'return true;' },
  ],
  'timeout': [
    { name: 'a limit that never comes', file: 'timeout.ts', from: '), giveUpMs - startMs);', to: '), 1e6);' },
    { name: 'a hop that does not mind the deadline', file: 'timeout.ts', from: 'if (leftMs < limitMs) return', to: 'if (leftMs < 0) return', with: 'long' },
    { name: 'a caller that goes and does not say so', file: 'timeout.ts', from: 'ours.abort(reason);', to: '' },
    { name: 'a server that believes it has all the time', file: 'time-left.ts', from: 'return clock.now() + Math.min(givenMs, mostMs);', to: 'return clock.now() + mostMs;', with: 'long' },
  ],
  'sharding': [
    { name: 'a hash that puts all keys together', file: 'placement.ts', from: 'return hashOf(key) % slots;', to: 'return hashOf(key) % 2;' },
    { name: 'shards that are not placed by score', file: 'placement.ts', from: 'score(shard, slot) > score(best, slot) ? shard : best', to: 'best' },
    { name: 'a move that does not change the map', file: 'sharding.ts', from: 'await map.assign(slot, to);', to: '', with: 'move' },
    { name: 'a router that believes its map', file: 'sharding.ts', from: 'this.#slots = undefined;', to: '', with: 'move' },
  ],
  'transactional-outbox': [
    { name: 'a relay that sleeps too long', file: 'outbox-relay.ts', from: 'await clock.sleep(pollMs,', to: 'await clock.sleep(4 * pollMs,' },
    { name: 'an event too large that is never parked', file: 'outbox-relay.ts', from: 'const parked = refused ||', to: 'const parked =', with: 'large' },
    { name: 'an outage that is held against the events', file: 'outbox-relay.ts', from: 'const counts = refused || confirmed.length > 0;', to: 'const counts = true;' },
  ],
};

test('every scenario has its breaks, and every break a scenario', () => {
  expect(Object.keys(breaks).sort()).toEqual(scenarios.map(({ slug }) => slug).sort());
  expect(Object.entries(breaks).filter(([, each]) => each.length === 0)).toEqual([]);
});

describe.each(scenarios)('$slug', ({ slug, ...staged }) => {
  const { scenario } = staged;

  test('its text, compiled and linked, is the same program', async () => {
    const modules = compileFiles(scenarioTexts(slug));
    const slips: unknown[] = [];
    const linked = linkScenario(modules, slug, (error) => { if (isSlip(error, modules)) slips.push(error); });
    for (const each of scenario.tries) expect(summaryOf(await outcomeOf(linked, each)), each.id).toEqual(summaryOf(await outcomeOf(staged, each)));
    expect(slips).toEqual([]);
  });

  test.each(breaks[slug] ?? [])('$name: another outcome', async ({ file, from, to, with: tried }) => {
    const files = scenarioTexts(slug);
    const path = `src/examples/${slug}/${file}`;
    expect(files[path]?.split(from), `${path} has "${from}" once`).toHaveLength(2);
    const broken = linkScenario(compileFiles({ ...files, [path]: (files[path] ?? '').replace(from, () => to) }), slug);
    const each = scenario.tries.find(({ id }) => id === (tried ?? scenario.tries[0]?.id));
    expect(each, `"${tried}" can be tried`).toBeDefined();
    expect(summaryOf(await outcomeOf(broken, each))).not.toEqual(summaryOf(await outcomeOf(staged, each)));
  });
});
