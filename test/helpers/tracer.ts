// A tracer for the tests: records spans in an array, one line for each.
import type { Span, SpanFacts, Tracer } from '../../src/trace/span.ts';

/** Of each span; their own ids are 1111…, 2222… in turn. */
export const trace = '4bf92f3577b34da6a3ce929d0e0e4736';

/** Records spans as lines. */
export function tracerTo(spans: string[]): Tracer {
  let count = 0;
  const start = (name: string, under: string, flags: string): Span => {
    count += 1;
    const spanId = `${count}`.repeat(16);
    spans.push(`${name} under ${under}`);
    return {
      traceId: trace,
      spanId,
      flags,
      child: (childName, facts) => {
        const child = start(childName, spanId, flags);
        child.note(facts);
        return child;
      },
      rename: () => undefined,
      note: (facts: SpanFacts) => void spans.push(`${name} ${JSON.stringify(facts)}`),
      end: (failure) => void spans.push(`${name} ends${failure === undefined ? '' : ` ${failure}`}`),
    };
  };
  return { begin: (name, parent) => start(name, parent?.spanId ?? 'none', '01') };
}
