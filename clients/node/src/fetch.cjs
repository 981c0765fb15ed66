// What `require('codex-rpc/fetch')` returns.
const { createFetch } = require('./index.cjs')[Symbol.for('codex-rpc/fetch')];
module.exports = { createFetch };
