/** The notification of changed account limits. */
export declare const LIMITS_CHANGED = "limits.changed";
export type LimitsReader = {
    onLimits?: (limits: any) => void;
};
/** The owner of a listener. @typedef {{onLimits?: (limits: any) => void}} LimitsReader */
/**
 * The listeners for account limits of a server that several clients share. They are
 * held weakly, since a listener often refers to its client.
 */
export declare class Limits {
    #private;
    /** @param {WeakRef<LimitsReader>} reader */
    add(reader: WeakRef<LimitsReader>): void;
    /** @param {WeakRef<LimitsReader>} reader */
    delete(reader: WeakRef<LimitsReader>): void;
    /**
     * Handles a notification of the server. Errors of listeners are thrown outside of
     * any call, like those of event listeners.
     *
     * @param {string} method
     * @param {any} params
     */
    notice(method: string, params: any): void;
}
