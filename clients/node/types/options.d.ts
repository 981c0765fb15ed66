export type HeadersLike = Headers | Record<string, string | null | undefined> | (readonly [string, string])[];
export type Query = Record<string, string | number | boolean | string[] | null | undefined>;
/**
 * Takes options that are unknown here: those of openai-node are passed over, with
 * one warning in the life of a process; any other is an error.
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
 * Returns the headers of a call over those of its client, or undefined if there
 * are none.
 *
 * @param {(HeadersLike | null | undefined)[]} all later ones take the place of earlier ones
 * @returns {Record<string, string> | undefined}
 */
export declare function headers(...all: (HeadersLike | null | undefined)[]): Record<string, string> | undefined;
/**
 * Returns the query of a call over that of its client, or undefined if there is
 * none.
 *
 * @param {(Query | null | undefined)[]} all
 * @returns {Query | undefined}
 */
export declare function query(...all: (Query | null | undefined)[]): Query | undefined;
/**
 * A duration as the server takes it. Infinity is the longest that a number can
 * tell.
 *
 * @param {number} ms
 */
export declare function seconds(ms: number): number;
