import { findBinary } from './binary.js';
import { OpenAIError } from './errors.js';
import { LIMITS_CHANGED } from './limits.js';
import { given, passOver } from './options.js';
import { Server } from './server.js';
import { Session } from './session.js';

/**
 * What a client may be told. Whatever is left out, the environment says
 * (`CODEX_RPC_MODEL` and so on), and failing that the default.
 *
 * @typedef {object} ClientOptions
 * @property {string} [model] of calls that name none
 * @property {string} [instructions] of calls that give none
 * @property {number} [timeout] fail if the backend sends nothing for so long, in ms; 120000. Infinity waits for ever
 * @property {number} [maxRetries] retries after a transient failure; 2
 * @property {number} [retryBaseDelay] before the first retry, doubled for each further one, in ms; 250
 * @property {boolean | string} [mock] use the embedded backend: no network, no account; a string steers it
 * @property {string} [home] the folder of auth.json, one for each sign-in; $CODEX_HOME, else ~/.codex
 * @property {string} [codexHome] the same, as the environment variable of the process
 * @property {string} [originator] the name of the program, as the backend is told
 * @property {string} [chatgptBaseURL] where the ChatGPT backend is
 * @property {string} [openaiBaseURL] where the OpenAI API is
 * @property {string} [authIssuer] where to sign in
 * @property {string} [binary] the codex-rpc program; found by itself
 * @property {'debug' | 'info' | 'warn' | 'error' | 'off'} [logLevel] of the server's log; warn
 * @property {import('./log.js').Logger} [logger] takes the lines of the server's log: a function, or `console`
 * @property {(limits: import('../types/api.js').Usage) => void} [onLimits] is called with what is known of the account's limits,
 *   as `codex.usage({cached: true})` returns it, when an answer of the backend has changed that, before its call returns
 * @property {import('./options.js').HeadersLike} [defaultHeaders] to send with each request that takes headers
 * @property {import('./options.js').Query} [defaultQuery] to send with each request that takes a query
 */

/**
 * Options of openai-node that are accepted and mean nothing here: sign-in,
 * addresses and connections are those of the codex-rpc program. The first use
 * of any of them is warned of.
 *
 * @typedef {object} IgnoredOptions
 * @property {unknown} [apiKey]
 * @property {unknown} [adminAPIKey]
 * @property {unknown} [organization]
 * @property {unknown} [project]
 * @property {unknown} [webhookSecret]
 * @property {unknown} [baseURL]
 * @property {unknown} [fetch]
 * @property {unknown} [fetchOptions]
 * @property {unknown} [httpAgent]
 * @property {unknown} [dangerouslyAllowBrowser]
 * @property {unknown} [workloadIdentity]
 * @property {unknown} [provider]
 */

/** What the host waits for if it is not told otherwise, in ms. */
const TIMEOUT = 120_000;

/**
 * The options of the session, which go by `initialize`, and what makes the value
 * of each.
 *
 * @type {Record<string, [string, (value: any) => unknown]>}
 */
const sessionOptions = {
  model: ['model', String],
  instructions: ['instructions', String],
  timeout: ['timeout', limit],
  maxRetries: ['max_retries', Number],
  retryBaseDelay: ['retry_base_delay', (ms) => ms / 1000],
};

/** The options of the process, which are flags. @type {Record<string, [string, (value: any) => unknown]>} */
const flags = {
  mock: ['mock', String],
  home: ['home', String],
  originator: ['originator', String],
  chatgptBaseURL: ['chatgpt-base-url', String],
  openaiBaseURL: ['openai-base-url', String],
  authIssuer: ['auth-issuer', String],
  logLevel: ['log-level', (level) => (level === 'off' ? 'error' : level)],
};

const others = ['binary', 'codexHome', 'logger', 'onLimits', 'defaultHeaders', 'defaultQuery'];
const known = new Set([...Object.keys(sessionOptions), ...Object.keys(flags), ...others]);

/**
 * Returns a session with the server that the options ask for.
 *
 * @param {ClientOptions & IgnoredOptions} options
 */
export function connect(options) {
  const { command, defaults } = settings(options, process.env);
  return new Session(Server.share({ file: findBinary(options.binary, process.env), ...command }), defaults);
}

/**
 * Sorts the options of a client: what its server is started with, and what holds
 * for its calls.
 *
 * @param {ClientOptions & IgnoredOptions} options
 * @param {NodeJS.ProcessEnv} env
 */
function settings(options, env) {
  const names = given(options);
  const unknown = names.filter((name) => !known.has(name));
  passOver('client', unknown, (name) => `Unknown option ${name}; known are ${[...known].join(', ')}`);
  const { codexHome, logger, logLevel, onLimits, defaultHeaders, defaultQuery, timeout } = options;
  if (logger && typeof logger !== 'function' && typeof logger.error !== 'function') {
    throw new OpenAIError('The option logger is a function that takes a line, or an object with the methods of console');
  }
  if (onLimits && typeof onLimits !== 'function') throw new OpenAIError('The option onLimits is a function');
  const values = /** @type {Record<string, unknown>} */ (options);
  return {
    command: {
      args: names.flatMap((name) => (name in flags ? [`--${flags[name][0]}=${flags[name][1](values[name])}`] : [])),
      env: codexHome ? { ...env, CODEX_HOME: codexHome } : env,
      options: {
        ...Object.fromEntries(
          names.flatMap((name) => (name in sessionOptions ? [[sessionOptions[name][0], sessionOptions[name][1](values[name])]] : [])),
        ),
        ...(onLimits && { notifications: [LIMITS_CHANGED] }),
      },
    },
    defaults: {
      timeout: timeout ?? (env.CODEX_RPC_TIMEOUT ? Number(env.CODEX_RPC_TIMEOUT) * 1000 : TIMEOUT),
      headers: defaultHeaders,
      query: defaultQuery,
      logger: logLevel === 'off' ? undefined : (logger ?? undefined),
      onLimits: onLimits ?? undefined,
    },
  };
}

/**
 * A time limit as the server takes it, to which 0 is none. So is what is longer
 * than a century.
 *
 * @param {number} ms
 */
function limit(ms) {
  return ms > 3e12 ? 0 : ms / 1000;
}
