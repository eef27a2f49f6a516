/** Not what systems leave behind by themselves, such as `.DS_Store`. @param name of a file or a folder */
export const isNoLitter = (name: string): boolean => !/^(\.|__MACOSX$|thumbs\.db$|desktop\.ini$)/i.test(name);
