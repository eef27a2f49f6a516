// The id of a person whom a roster gives none: the address stands in its place.

const prefix = 'address:';

/** No SIS id begins so. The address is taken exactly, as it is matched. */
export const toAddressKey = (address: string): string => `${prefix}${address}`;

export const isAddressKey = (sisId: string): boolean => sisId.startsWith(prefix);
