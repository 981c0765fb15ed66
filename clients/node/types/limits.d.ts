/** The notification that tells of the account's limits. */
export declare const LIMITS_CHANGED = "limits.changed";
export type LimitsReader = {
    onLimits?: (limits: any) => void;
};
/** What owns a listener. @typedef {{onLimits?: (limits: any) => void}} LimitsReader */
/**
 * Those who are told of the account's limits, on a server that several clients
 * share. They are held weakly, since a listener often holds the client that it
 * belongs to.
 */
export declare class Limits {
    #private;
    /** @param {WeakRef<LimitsReader>} reader */
    add(reader: WeakRef<LimitsReader>): void;
    /** @param {WeakRef<LimitsReader>} reader */
    delete(reader: WeakRef<LimitsReader>): void;
    /**
     * Takes a notification of the server. What a listener throws is thrown outside
     * of any call, as the listener of an event does.
     *
     * @param {string} method
     * @param {any} params
     */
    notice(method: string, params: any): void;
}
