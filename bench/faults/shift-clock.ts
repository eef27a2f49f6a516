// Preloaded into a bridge (`node --import`): on SIGUSR2 its clock jumps by CLOCK_STEP_MS, on the next one back. As when a
// machine's clock is wrong or set: Date alone; timers and performance.now() go on as they do then.
const stepMs = Number(process.env['CLOCK_STEP_MS'] ?? 0);
const RealDate = Date;
let offsetMs = 0;

process.on('SIGUSR2', () => {
  offsetMs = offsetMs === 0 ? stepMs : 0;
});

const now = () => RealDate.now() + offsetMs;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, given, newTarget) => Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget),
  apply: () => new RealDate(now()).toString(),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});
