export type HeadersLike = Headers | Record<string, string | null | undefined> | (readonly [string, string])[];
export type Query = Record<string, string | number | boolean | string[] | null | undefined>;
/**
 * Handles unknown options: those of openai-node are ignored with one warning per
 * process; others are an error.
 *
 * @param {'client' | 'call'} kind
 * @param {string[]} names
 * @param {(name: string) => string} complaint
 */
export declare function passOver(kind: 'client' | 'call', names: string[], complaint: (name: string) => string): void;
/**
 * The names of the options that have a value.
 *
 * @param {object} options
 */
export declare function given(options: object): string[];
/**
 * Merges the headers of a call into those of its client. Returns undefined if there
 * are none.
 *
 * @param {(HeadersLike | null | undefined)[]} all later ones override earlier ones
 * @returns {Record<string, string> | undefined}
 */
export declare function headers(...all: (HeadersLike | null | undefined)[]): Record<string, string> | undefined;
/**
 * Merges the query of a call into that of its client. Returns undefined if there is
 * none.
 *
 * @param {(Query | null | undefined)[]} all
 * @returns {Query | undefined}
 */
export declare function query(...all: (Query | null | undefined)[]): Query | undefined;
/**
 * Converts a duration to seconds. Infinity becomes the largest number.
 *
 * @param {number} ms
 */
export declare function seconds(ms: number): number;
