/** A group of methods of a client. */
export declare class Resource {
    /** @protected */
    protected _session: import("./session.js").Session;
    /** @param {import('./session.js').Session} session */
    constructor(session: import('./session.js').Session);
}
