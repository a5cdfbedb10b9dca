const mostListeners = 64;

/**
 * Calls `turn` again and again, each time after all microtasks of the turn before have run, until it returns false.
 * Only the engine can say that no microtask is left: it runs them all before it delivers a message, and a browser also
 * between two listeners of one message, at a tenth of the price. Node calls the listeners in a loop of its own. So each
 * turn leaves a promise behind: a listener that finds it not yet kept leaves its turn to the next message.
 * @throws whatever `turn` throws
 */
export function inTurns(turn: () => boolean): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  let listeners = 0;
  let isDrained = true;
  let isOver = false;
  return new Promise((resolve, reject) => {
    const end = (settle: () => void): void => {
      isOver = true;
      port1.close();
      settle();
    };
    const take = (): void => {
      isDrained = false;
      void Promise.resolve().then(() => { isDrained = true; });
      try {
        if (!turn()) end(resolve);
      } catch (error) {
        end(() => reject(error));
      }
    };
    const listen = (): void => {
      const isFirst = listeners++ === 0;
      port1.addEventListener('message', (event) => {
        if (isOver || !isDrained) return event.stopImmediatePropagation();
        if (isFirst) port2.postMessage(0);
        // Microtasks have run since the listener before: here more listeners are more turns.
        else if (listeners < mostListeners) listen();
        take();
      });
    };
    listen();
    listen();
    port1.start();
    port2.postMessage(0);
  });
}
