import { findBinary } from './binary.js';
import { OpenAIError } from './errors.js';
import { LIMITS_CHANGED } from './limits.js';
import { given, passOver } from './options.js';
import { Server } from './server.js';
import { Session } from './session.js';

/**
 * The options of a client. If an option is not given, its environment variable
 * (such as `CODEX_RPC_MODEL`) or the default is used.
 *
 * @typedef {object} ClientOptions
 * @property {string} [model] default model
 * @property {string} [instructions] default instructions
 * @property {number} [timeout] idle timeout in ms; 120000 by default, Infinity for none
 * @property {number} [maxRetries] retries after a transient failure; 2 by default
 * @property {number} [retryBaseDelay] ms before the first retry, doubled for each further one; 250 by default
 * @property {boolean | string} [mock] use the embedded backend, without network or account; a string controls its answers
 * @property {string} [home] directory of auth.json, one per sign-in; $CODEX_HOME or ~/.codex by default
 * @property {string} [codexHome] the same, as the environment variable of the process
 * @property {string} [originator] client name sent to the backend
 * @property {string} [chatgptBaseURL] base URL of the ChatGPT backend
 * @property {string} [openaiBaseURL] base URL of the OpenAI API
 * @property {string} [authIssuer] URL of the OAuth issuer
 * @property {string} [binary] path of the codex-rpc binary; found automatically by default
 * @property {'debug' | 'info' | 'warn' | 'error' | 'off'} [logLevel] log level of the server; warn by default
 * @property {import('./log.js').Logger} [logger] receives the lines of the server's log: a function, or `console`
 * @property {(limits: import('../types/api.js').Usage) => void} [onLimits] called with the account's limits, in the form
 *   of `codex.usage({cached: true})`, when a response of the backend has changed them, before its call returns
 * @property {import('./options.js').HeadersLike} [defaultHeaders] headers of all requests whose methods accept headers
 * @property {import('./options.js').Query} [defaultQuery] query parameters of all requests whose methods accept them
 */

/**
 * Options of openai-node that are ignored: credentials, URLs and connections are
 * those of codex-rpc. A warning is printed once per process.
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

/** The host's default idle timeout, in ms. */
const TIMEOUT = 120_000;

/**
 * The options passed to `initialize`, with the conversion of their values.
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

/** The options passed as flags. @type {Record<string, [string, (value: any) => unknown]>} */
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
 * Returns a session with a server that has these options.
 *
 * @param {ClientOptions & IgnoredOptions} options
 */
export function connect(options) {
  const { command, defaults } = settings(options, process.env);
  return new Session(Server.share({ file: findBinary(options.binary, process.env), ...command }), defaults);
}

/**
 * Splits the options of a client into those of its server and the defaults of its
 * calls.
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
    throw new OpenAIError('The option logger must be a function that takes a line, or an object with the methods of console');
  }
  if (onLimits && typeof onLimits !== 'function') throw new OpenAIError('The option onLimits must be a function');
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
 * Converts a timeout to seconds, where 0 means none. A timeout of more than a
 * century means none, too.
 *
 * @param {number} ms
 */
function limit(ms) {
  return ms > 3e12 ? 0 : ms / 1000;
}
