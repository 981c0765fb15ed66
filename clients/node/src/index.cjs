// What `require('codex-rpc')` returns: the client's class, with everything else
// that the package exports as its properties. Published, it is a bundle; in the
// repository it takes a Node that can require modules (20.19, 22.12).
const { default: _, ...named } = require('./index.js');
module.exports = Object.assign(named.OpenAI, { ...named, default: named.OpenAI });

// For format.cjs and fetch.cjs, which would otherwise have classes of their own.
Object.defineProperties(module.exports, {
  [Symbol.for('codex-rpc/helpers/zod')]: { get: () => require('./format.js') },
  [Symbol.for('codex-rpc/fetch')]: { get: () => require('./fetch.js') },
});
