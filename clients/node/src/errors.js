/**
 * The errors: those of openai-node, and additional ones of codex-rpc.
 *
 *     OpenAIError
 *     ├── ServerNotFoundError                    the binary was not found
 *     └── APIError
 *         ├── APIUserAbortError                  aborted by an AbortSignal or close()
 *         ├── APIConnectionError                 no response, or a malformed one
 *         │   ├── APIConnectionTimeoutError
 *         │   ├── StreamInterruptedError         .partial
 *         │   └── ServerExitedError              .exitCode .signal .stderr
 *         ├── ResponseFailedError                the response failed
 *         ├── OverloadedError                    too many concurrent calls
 *         ├── BadRequestError 400
 *         │   └── InvalidParamsError             .errors
 *         │       ├── CodexBackendUnsupportedParameterError
 *         │       └── FileError
 *         ├── AuthenticationError 401
 *         │   └── NotAuthenticatedError          no usable credentials
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

/** The codex-rpc binary was not found. The message says how to install it. */
export class ServerNotFoundError extends OpenAIError {}

/** A call failed. */
export class APIError extends OpenAIError {
  /**
   * @param {string} message
   * @param {RpcError} [rpc] the error object of the response, if there was one
   */
  constructor(message, rpc) {
    super(message);
    const data = rpc?.data ?? {};
    const body = data.body;
    const inner = body?.error && typeof body.error === 'object' ? body.error : undefined;
    const reported = data.error ?? inner;
    /** The backend's HTTP status. @type {number | undefined} */
    this.status = data.status;
    /** The backend's error code, or its error type, such as `rate_limit_exceeded`. @type {string | null | undefined} */
    this.code = data.code ?? reported?.code ?? reported?.type;
    /** The invalid parameter. @type {string | null | undefined} */
    this.param = data.param ?? reported?.param;
    /** The error type of the backend, or of codex-rpc, such as `timeout`. @type {string | undefined} */
    this.type = reported?.type ?? data.type;
    /** The backend's id of the request, for bug reports. @type {string | undefined} */
    this.requestID = data.request_id ?? data.headers?.['x-request-id'];
    /** The body of the backend's response. @type {any} */
    this.body = body;
    /** The error in the body, or the body. @type {any} */
    this.error = reported ?? body;
    /** Whether the same call may succeed later. @type {boolean} */
    this.retryable = data.retryable ?? false;
    /** Seconds after which to retry, if known. @type {number | undefined} */
    this.retryAfter = data.retry_after ?? (data.retry_after_ms === undefined ? undefined : data.retry_after_ms / 1000);
    /** The JSON-RPC code. @type {number | undefined} */
    this.rpcCode = rpc?.code;
    /** The data of the JSON-RPC error. @type {Record<string, any>} */
    this.data = data;
  }

  /**
   * The backend's response headers that are meant for clients, if there was a
   * response.
   *
   * @returns {Headers | undefined}
   */
  get headers() {
    return this.data.headers && new Headers(this.data.headers);
  }
}

/** The caller aborted the call or closed the client. */
export class APIUserAbortError extends APIError {
  constructor(message = 'Request was aborted.', /** @type {RpcError | undefined} */ rpc = undefined) {
    super(message, rpc);
  }
}

/** The backend could not be reached, or its response is malformed. */
export class APIConnectionError extends APIError {}

/** The backend sent nothing within the idle timeout. */
export class APIConnectionTimeoutError extends APIConnectionError {}

/** The stream ended before the response was complete. */
export class StreamInterruptedError extends APIConnectionError {
  /** @param {string} message @param {RpcError} [rpc] */
  constructor(message, rpc) {
    super(message, rpc);
    /** The response as far as it was received. @type {import('../types/api.js').Response | undefined} */
    this.partial = this.data.partial;
  }
}

/** The codex-rpc process ended during the call. The next call starts another process. */
export class ServerExitedError extends APIConnectionError {
  /**
   * @param {number | null} exitCode
   * @param {string | null} signal
   * @param {string} stderr the end of its standard error
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

/** The backend reported that the response failed; `error` is its error. */
export class ResponseFailedError extends APIError {}

/** Too many calls are running and queued; retry after `retryAfter` seconds. */
export class OverloadedError extends APIError {}

/** 400. */
export class BadRequestError extends APIError {}

/**
 * The parameters are invalid; no request was sent. The status is 400, as in the
 * OpenAI API.
 */
export class InvalidParamsError extends BadRequestError {
  /** @param {string} message @param {RpcError} [rpc] */
  constructor(message, rpc) {
    super(message, rpc);
    this.status = 400;
    /** The faults, each with a JSON Pointer into the parameters. @type {{path: string, message: string}[]} */
    this.errors = this.data.errors ?? [];
  }
}

/** The Codex backend rejects an official parameter, such as `temperature`. */
export class CodexBackendUnsupportedParameterError extends InvalidParamsError {}

/** The file does not exist, is not a regular file, cannot be read, or is too large. */
export class FileError extends InvalidParamsError {}

/** 401. */
export class AuthenticationError extends APIError {}

/** There are no usable credentials. */
export class NotAuthenticatedError extends AuthenticationError {
  /** @param {string} message @param {RpcError} [rpc] */
  constructor(message, rpc) {
    super(message, rpc);
    this.status = 401;
  }
}

/** 403. */
export class PermissionDeniedError extends APIError {}

/** 404, also for a model that the account does not have. */
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
 * Returns the line with the reason for an exit: the message of a crash, or the last
 * line that is not a hint.
 *
 * @param {string} stderr
 */
function reasonIn(stderr) {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('hint:'));
  const line = lines.find((line) => /^(panic|fatal error):/.test(line)) ?? lines.at(-1);
  return line?.replace(/^codex-rpc: /, '');
}
