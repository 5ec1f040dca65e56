/**
 * The time that a function sees: that of the local cloud. It may be ahead of or behind this machine's by so many milliseconds,
 * which the runtime API tells with every invocation. Timers run as ever.
 */
const MachineDate = Date;
const machineNow = MachineDate.now;

// For what a bundle does when it is loaded, before the first invocation; no handler sees the argument.
let ahead = Number(process.argv.splice(2, 1)[0] ?? 0);

/** @param {number} ms how far the local cloud's clock is ahead of this machine's */
export function setClock(ms) {
  ahead = ms;
}

const now = () => machineNow() + ahead;

const CloudDate = new Proxy(MachineDate, {
  construct: (target, values, newTarget) =>
    Reflect.construct(target, values.length === 0 ? [now()] : values, newTarget),
  apply: () => new MachineDate(now()).toString(),
});
MachineDate.now = now;
MachineDate.prototype.constructor = CloudDate;
globalThis.Date = CloudDate;
