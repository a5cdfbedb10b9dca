/**
 * Takes every way out of a worker before code of a reader runs in it: what is not named here is gone, so
 * that an interface of next year's browser is gone too. The policy of the sandbox page holds without this;
 * this makes a mistake visible ("fetch is not defined") where the policy would answer in its own words.
 */
const language = [
  'AggregateError', 'Array', 'ArrayBuffer', 'AsyncDisposableStack', 'Atomics', 'BigInt', 'BigInt64Array', 'BigUint64Array', 'Boolean', 'DataView', 'Date', 'DisposableStack', 'Error',
  'EvalError', 'FinalizationRegistry', 'Float16Array', 'Float32Array', 'Float64Array', 'Function', 'Infinity', 'Int16Array', 'Int32Array', 'Int8Array', 'Intl', 'Iterator', 'JSON',
  'Map', 'Math', 'NaN', 'Number', 'Object', 'Promise', 'Proxy', 'RangeError', 'ReferenceError', 'Reflect', 'RegExp', 'Set', 'SharedArrayBuffer', 'String', 'SuppressedError', 'Symbol',
  'SyntaxError', 'Temporal', 'TypeError', 'URIError', 'Uint16Array', 'Uint32Array', 'Uint8Array', 'Uint8ClampedArray', 'WeakMap', 'WeakRef', 'WeakSet', 'decodeURI', 'decodeURIComponent',
  'encodeURI', 'encodeURIComponent', 'escape', 'eval', 'globalThis', 'isFinite', 'isNaN', 'parseFloat', 'parseInt', 'undefined', 'unescape',
];

/** Of the platform only what has no way out; the simulator itself waits with a MessageChannel. */
const platform = [
  'AbortController', 'AbortSignal', 'Blob', 'ByteLengthQueuingStrategy', 'CountQueuingStrategy', 'DOMException', 'Event', 'EventTarget', 'FormData', 'Headers', 'MessageChannel',
  'MessagePort', 'ReadableStream', 'Request', 'Response', 'TextDecoder', 'TextDecoderStream', 'TextEncoder', 'TextEncoderStream', 'TransformStream', 'URL', 'URLSearchParams',
  'WritableStream', 'atob', 'btoa', 'console', 'crypto', 'performance', 'queueMicrotask', 'self', 'structuredClone',
];

/** @returns the names that are gone */
export function closeWays(scope: object): ReadonlySet<string> {
  const kept = new Set([...language, ...platform]);
  const gone = new Set<string>();
  // What lies at EventTarget and beyond is shared with objects that stay, such as AbortSignal.
  for (let at: object | null = scope; at !== null && at !== EventTarget.prototype && at !== Object.prototype; at = Object.getPrototypeOf(at) as object | null) {
    for (const name of Object.getOwnPropertyNames(at)) {
      if (kept.has(name) || name === 'constructor') continue;
      if (Reflect.deleteProperty(at, name)) gone.add(name);
      // Numbers such as PERSISTENT lead nowhere.
      else if (typeof Reflect.get(at, name) !== 'number') throw new Error(`"${name}" cannot be taken out of the sandbox`);
    }
  }
  return gone;
}
