/**
 * Loaded before anything else into the processes that run tests, which run as the service does: no string becomes code
 * there. Vite's module runner makes one function of a string all the same, only to see how many lines come before its
 * body. It gets one that was written down.
 */
const prototype = Object.getPrototypeOf(async () => {});
const descriptor = Object.getOwnPropertyDescriptor(prototype, 'constructor') ?? {};

function AsyncFunction(): unknown {
  Object.defineProperty(prototype, 'constructor', descriptor);
  return async () => {
    /*code*/
  };
}

Object.defineProperty(prototype, 'constructor', { ...descriptor, value: AsyncFunction });
