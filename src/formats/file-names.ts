// Names of files as a district's computers produce them.

/** Not one that operating systems create, such as `.DS_Store`. @param name of a file or a folder */
export const isNoLitter = (name: string): boolean => !/^(\.|__MACOSX$|thumbs\.db$|desktop\.ini$)/i.test(name);

/** A name that is safe in a report: no line breaks, escape sequences or reversed text, and of limited length. */
export const printableName = (name: string): string =>
  name.replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, '?').slice(0, 100);
