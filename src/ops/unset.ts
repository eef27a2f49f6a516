// A gauge that is not exposed before it was set: a time of 0 would read as fifty years ago and raise an alert.
import { Gauge, type GaugeConfiguration } from 'prom-client';

/** Of times: of several processes the latest counts. */
export function unset(configuration: GaugeConfiguration<never>): Gauge {
  const gauge = new Gauge({ ...configuration, aggregator: 'max' });
  gauge.remove();
  return gauge;
}
