/**
 * Takes the lines of the server's log: a function, or an object with the methods
 * of `console`, of which the one is called that fits the line.
 *
 * @typedef {((line: string) => void) | LeveledLogger} Logger
 */
export type Logger = ((line: string) => void) | LeveledLogger;
export type LeveledLogger = {
    debug: (line: string) => void;
    info: (line: string) => void;
    warn: (line: string) => void;
    error: (line: string) => void;
};
export type LogReader = {
    logger?: Logger;
};
/**
 * @typedef {object} LeveledLogger
 * @property {(line: string) => void} debug
 * @property {(line: string) => void} info
 * @property {(line: string) => void} warn
 * @property {(line: string) => void} error
 */
/** What owns a logger. @typedef {{logger?: Logger}} LogReader */
/**
 * The log of a server that several clients share. Each of them may have a logger;
 * the same one is called once for each line. The readers are held weakly, since a
 * logger often holds the client that it belongs to.
 */
export declare class Log {
    #private;
    /** @param {WeakRef<LogReader>} reader */
    add(reader: WeakRef<LogReader>): void;
    /** @param {WeakRef<LogReader>} reader */
    delete(reader: WeakRef<LogReader>): void;
    /**
     * Takes the next piece of the log, cut anywhere.
     *
     * @param {string} text
     */
    write(text: string): void;
}
