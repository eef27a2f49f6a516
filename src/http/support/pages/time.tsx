// Times on support pages: to the minute, in the zone that the user selected, else that of the one district on the page,
// with UTC beside it.
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { showWallTime } from '../../../district/time-zone.ts';

export interface Reader {
  /** IANA name. */
  readonly zone: string;
  /** Of the page, with its query; to return to. */
  readonly path: string;
}

export const ReaderContext = createContext<Reader>({ zone: 'UTC', path: '/support' });
export const useReader = (): Reader => useContext(ReaderContext);

export function Time({ at }: { readonly at: number }) {
  const { zone } = useReader();
  return (
    <time dateTime={new Date(at).toISOString()}>
      <span class="wall">{showWallTime(at, zone)}</span>
      {zone !== 'UTC' && (
        <>
          {' '}
          <span class="utc">({showWallTime(at, 'UTC')})</span>
        </>
      )}
    </time>
  );
}
