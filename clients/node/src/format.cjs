// What `require('codex-rpc/helpers/zod')` returns.
const { zodResponsesFunction, zodTextFormat } = require('./index.cjs')[Symbol.for('codex-rpc/helpers/zod')];
module.exports = { zodResponsesFunction, zodTextFormat };
