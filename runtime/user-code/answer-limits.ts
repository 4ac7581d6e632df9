/** How much may be answered to one unit. */

export const mostAnswerBytes = 64 * 1024 * 1024;
/** Of tiny results, which take more memory than their text. */
export const mostResults = 1024 * 1024;
