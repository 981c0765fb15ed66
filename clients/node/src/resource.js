/** A group of methods of a client. */
export class Resource {
  /** @protected */
  _session;

  /** @param {import('./session.js').Session} session */
  constructor(session) {
    this._session = session;
  }
}
