// A gauge that is not exposed before it is set: a time of 0 would read as 1970 and raise an alert.
import { Gauge, type GaugeConfiguration } from 'prom-client';

/** For times: of several processes the latest counts. */
export function unset(configuration: GaugeConfiguration<never>): Gauge {
  const gauge = new Gauge({ ...configuration, aggregator: 'max' });
  gauge.remove();
  return gauge;
}
