// What the bridge says of itself at /metrics, as far as a load asks.

export interface Scrape {
  /** Of the event loop, since the scrape before. Milliseconds. */
  readonly loopMeanMs: number;
  readonly loopP99Ms: number;
  readonly residentMib: number;
}

export async function scrape(opsUrl: string): Promise<Scrape> {
  const text = await (await fetch(`${opsUrl}/metrics`)).text();
  const figureOf = (name: string) => Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1]);
  return {
    loopMeanMs: figureOf('nodejs_eventloop_lag_mean_seconds') * 1000,
    loopP99Ms: figureOf('nodejs_eventloop_lag_p99_seconds') * 1000,
    residentMib: figureOf('process_resident_memory_bytes') / 2 ** 20,
  };
}
