// The id of a user without an id in the roster: derived from the address.

const prefix = 'address:';

/** No SIS id has this prefix. The address is used unchanged, as in matching. */
export const toAddressKey = (address: string): string => `${prefix}${address}`;

export const isAddressKey = (sisId: string): boolean => sisId.startsWith(prefix);
