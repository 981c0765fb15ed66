/**
 * What is thrown. As in openai-node, with what this server has beside it:
 *
 *     OpenAIError
 *     ├── ServerNotFoundError                    no codex-rpc binary
 *     └── APIError
 *         ├── APIUserAbortError                  by an AbortSignal, or close()
 *         ├── APIConnectionError                 no answer
 *         │   ├── APIConnectionTimeoutError
 *         │   ├── StreamInterruptedError         .partial
 *         │   └── ServerExitedError              .exitCode .signal .stderr
 *         ├── ResponseFailedError                the backend reports a failure
 *         ├── OverloadedError                    too many calls at once
 *         ├── BadRequestError 400
 *         │   └── InvalidParamsError             .errors
 *         │       ├── CodexBackendUnsupportedParameterError
 *         │       └── FileError
 *         ├── AuthenticationError 401
 *         │   └── NotAuthenticatedError          there are no usable credentials
 *         ├── PermissionDeniedError 403
 *         ├── NotFoundError 404
 *         ├── ConflictError 409
 *         ├── UnprocessableEntityError 422
 *         ├── RateLimitError 429
 *         └── InternalServerError 5xx
 *
 * @module
 */

/**
 * The error object of a JSON-RPC response.
 *
 * @typedef {object} RpcError
 * @property {number} code
 * @property {string} message
 * @property {Record<string, any>} [data]
 */

/** The base of all errors of this package. */
export class OpenAIError extends Error {}

/** There is no codex-rpc program to start. The message says where it was looked for. */
export class ServerNotFoundError extends OpenAIError {}

/** A call failed. */
export class APIError extends OpenAIError {
  /**
   * @param {string} message
   * @param {RpcError} [rpc] what the server answered, if it did
   */
  constructor(message, rpc) {
    super(message);
    const data = rpc?.data ?? {};
    const body = data.body;
    const inner = body?.error && typeof body.error === 'object' ? body.error : undefined;
    const reported = data.error ?? inner;
    /** The backend's HTTP status. @type {number | undefined} */
    this.status = data.status;
    /** The backend's error code or, where it has none, its type, such as `rate_limit_exceeded`. @type {string | null | undefined} */
    this.code = data.code ?? reported?.code ?? reported?.type;
    /** The parameter that is at fault. @type {string | null | undefined} */
    this.param = data.param ?? reported?.param;
    /** The backend's type of error, or this server's: `timeout`, `overloaded`. @type {string | undefined} */
    this.type = reported?.type ?? data.type;
    /** The backend's id of the request, for its support. @type {string | undefined} */
    this.requestID = data.request_id ?? data.headers?.['x-request-id'];
    /** The body of the backend's answer. @type {any} */
    this.body = body;
    /** The error in the body or, failing that, the body. @type {any} */
    this.error = reported ?? body;
    /** Whether the same call may succeed later. @type {boolean} */
    this.retryable = data.retryable ?? false;
    /** After how many seconds, if the backend says so. @type {number | undefined} */
    this.retryAfter = data.retry_after ?? (data.retry_after_ms === undefined ? undefined : data.retry_after_ms / 1000);
    /** The JSON-RPC code. @type {number | undefined} */
    this.rpcCode = rpc?.code;
    /** All that the server says about the error. @type {Record<string, any>} */
    this.data = data;
  }

  /**
   * The headers of the backend's answer that say something to a client, if there
   * was one.
   *
   * @returns {Headers | undefined}
   */
  get headers() {
    return this.data.headers && new Headers(this.data.headers);
  }
}

/** The caller gave the call up, or closed the client. */
export class APIUserAbortError extends APIError {
  constructor(message = 'Request was aborted.', /** @type {RpcError | undefined} */ rpc = undefined) {
    super(message, rpc);
  }
}

/** The backend gave no answer, or none that can be read. */
export class APIConnectionError extends APIError {}

/** The backend sent nothing for the time of the timeout. */
export class APIConnectionTimeoutError extends APIConnectionError {}

/** The stream ended before the response was complete. */
export class StreamInterruptedError extends APIConnectionError {
  /** @param {string} message @param {RpcError} [rpc] */
  constructor(message, rpc) {
    super(message, rpc);
    /** The response as far as it came. @type {import('../types/api.js').Response | undefined} */
    this.partial = this.data.partial;
  }
}

/** The codex-rpc process ended while calls were under way. The next call starts another. */
export class ServerExitedError extends APIConnectionError {
  /**
   * @param {number | null} exitCode
   * @param {string | null} signal
   * @param {string} stderr the end of what it wrote there
   */
  constructor(exitCode, signal, stderr) {
    const how = signal ? `was ended by ${signal}` : `exited with status ${exitCode}`;
    const reason = reasonIn(stderr);
    super(`codex-rpc ${how}${reason ? `: ${reason}` : ''}`);
    this.exitCode = exitCode;
    this.signal = signal;
    this.stderr = stderr;
    this.retryable = true;
  }
}

/** The backend reports that the response failed; `error` is its report. */
export class ResponseFailedError extends APIError {}

/** Too many calls are under way at once; `retryAfter` says when to try again. */
export class OverloadedError extends APIError {}

/** 400. */
export class BadRequestError extends APIError {}

/**
 * The server refused the parameters; the backend was not asked. The status is
 * 400, as OpenAI's API answers such a request.
 */
export class InvalidParamsError extends BadRequestError {
  /** @param {string} message @param {RpcError} [rpc] */
  constructor(message, rpc) {
    super(message, rpc);
    this.status = 400;
    /** Each fault with its JSON pointer into the parameters. @type {{path: string, message: string}[]} */
    this.errors = this.data.errors ?? [];
  }
}

/** The Codex backend rejects an official parameter, such as `temperature`. */
export class CodexBackendUnsupportedParameterError extends InvalidParamsError {}

/** A file is absent, no regular file, or too large. */
export class FileError extends InvalidParamsError {}

/** 401. */
export class AuthenticationError extends APIError {}

/** Nobody is signed in, or no longer. */
export class NotAuthenticatedError extends AuthenticationError {
  /** @param {string} message @param {RpcError} [rpc] */
  constructor(message, rpc) {
    super(message, rpc);
    this.status = 401;
  }
}

/** 403. */
export class PermissionDeniedError extends APIError {}

/** 404, also for a model that is not on the account's list. */
export class NotFoundError extends APIError {
  /** @param {string} message @param {RpcError} [rpc] */
  constructor(message, rpc) {
    super(message, rpc);
    this.status = 404;
  }
}

/** 409. */
export class ConflictError extends APIError {}

/** 422. */
export class UnprocessableEntityError extends APIError {}

/** 429. */
export class RateLimitError extends APIError {}

/** 500 and above. */
export class InternalServerError extends APIError {}

/**
 * The line of what a process wrote at its end that says why: the one that
 * announces a crash or, failing that, the last that is no hint.
 *
 * @param {string} stderr
 */
function reasonIn(stderr) {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('hint:'));
  const line = lines.find((line) => /^(panic|fatal error):/.test(line)) ?? lines.at(-1);
  return line?.replace(/^codex-rpc: /, '');
}
