// Times as support pages show them: to the minute, in UTC, as the API has it.

/** @param at milliseconds since the epoch */
export const showTime = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

export const Time = ({ at }: { readonly at: number }) => (
  <time dateTime={new Date(at).toISOString()}>{showTime(at)}</time>
);
