/**
 * Receives the lines of the server's log: a function, or an object with the methods
 * of `console`, called by the level of the line.
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
/** The owner of a logger. @typedef {{logger?: Logger}} LogReader */
/**
 * The log of a server that several clients share. Each of them can have a logger;
 * a shared one is called once per line. The readers are held weakly, since a
 * logger often refers to its client.
 */
export declare class Log {
    #private;
    /** @param {WeakRef<LogReader>} reader */
    add(reader: WeakRef<LogReader>): void;
    /** @param {WeakRef<LogReader>} reader */
    delete(reader: WeakRef<LogReader>): void;
    /**
     * Processes the next chunk of the log.
     *
     * @param {string} text
     */
    write(text: string): void;
}
