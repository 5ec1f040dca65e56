/**
 * Calls a handler, asynchronous or with a callback, and waits for its result.
 * As in the managed runtime, what a handler without a promise returns is ignored, and a callback that is never
 * called is `null` once nothing is left to run.
 */
export function callHandler(handler, event, context) {
  return new Promise((resolve, reject) => {
    const nothingLeft = () => resolve(null);
    process.once('beforeExit', nothingLeft);
    const settled = () => process.removeListener('beforeExit', nothingLeft);
    const fail = (error) => {
      settled();
      reject(error);
    };
    const callback = (error, value) => {
      if (error !== undefined && error !== null) return fail(error);
      settled();
      resolve(value);
    };
    try {
      const returned = handler(event, context, callback);
      if (typeof returned?.then !== 'function') return;
      // A promise that nothing can settle any more ends the process, which Lambda reports as such.
      settled();
      returned.then(resolve, reject);
    } catch (error) {
      fail(error);
    }
  });
}
