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
export type RpcError = {
    code: number;
    message: string;
    data?: Record<string, any>;
};
/**
 * The error object of a JSON-RPC response.
 *
 * @typedef {object} RpcError
 * @property {number} code
 * @property {string} message
 * @property {Record<string, any>} [data]
 */
/** The base of all errors of this package. */
export declare class OpenAIError extends Error {
}
/** The codex-rpc binary was not found. The message says how to install it. */
export declare class ServerNotFoundError extends OpenAIError {
}
/** A call failed. */
export declare class APIError extends OpenAIError {
    /** The backend's HTTP status. @type {number | undefined} */
    status: number | undefined;
    /** The backend's error code, or its error type, such as `rate_limit_exceeded`. @type {string | null | undefined} */
    code: string | null | undefined;
    /** The invalid parameter. @type {string | null | undefined} */
    param: string | null | undefined;
    /** The error type of the backend, or of codex-rpc, such as `timeout`. @type {string | undefined} */
    type: string | undefined;
    /** The backend's id of the request, for bug reports. @type {string | undefined} */
    requestID: string | undefined;
    /** The body of the backend's response. @type {any} */
    body: any;
    /** The error in the body, or the body. @type {any} */
    error: any;
    /** Whether the same call may succeed later. @type {boolean} */
    retryable: boolean;
    /** Seconds after which to retry, if known. @type {number | undefined} */
    retryAfter: number | undefined;
    /** The JSON-RPC code. @type {number | undefined} */
    rpcCode: number | undefined;
    /** The data of the JSON-RPC error. @type {Record<string, any>} */
    data: Record<string, any>;
    /**
     * @param {string} message
     * @param {RpcError} [rpc] the error object of the response, if there was one
     */
    constructor(message: string, rpc?: RpcError);
    /**
     * The backend's response headers that are meant for clients, if there was a
     * response.
     *
     * @returns {Headers | undefined}
     */
    get headers(): Headers | undefined;
}
/** The caller aborted the call or closed the client. */
export declare class APIUserAbortError extends APIError {
    constructor(message?: string, /** @type {RpcError | undefined} */ rpc?: RpcError | undefined);
}
/** The backend could not be reached, or its response is malformed. */
export declare class APIConnectionError extends APIError {
}
/** The backend sent nothing within the idle timeout. */
export declare class APIConnectionTimeoutError extends APIConnectionError {
}
/** The stream ended before the response was complete. */
export declare class StreamInterruptedError extends APIConnectionError {
    /** The response as far as it was received. @type {import('../types/api.js').Response | undefined} */
    partial: import('../types/api.js').Response | undefined;
    /** @param {string} message @param {RpcError} [rpc] */
    constructor(message: string, rpc?: RpcError);
}
/** The codex-rpc process ended during the call. The next call starts another process. */
export declare class ServerExitedError extends APIConnectionError {
    exitCode: number | null;
    signal: string | null;
    stderr: string;
    /**
     * @param {number | null} exitCode
     * @param {string | null} signal
     * @param {string} stderr the end of its standard error
     */
    constructor(exitCode: number | null, signal: string | null, stderr: string);
}
/** The backend reported that the response failed; `error` is its error. */
export declare class ResponseFailedError extends APIError {
}
/** Too many calls are running and queued; retry after `retryAfter` seconds. */
export declare class OverloadedError extends APIError {
}
/** 400. */
export declare class BadRequestError extends APIError {
}
/**
 * The parameters are invalid; no request was sent. The status is 400, as in the
 * OpenAI API.
 */
export declare class InvalidParamsError extends BadRequestError {
    status: number;
    /** The faults, each with a JSON Pointer into the parameters. @type {{path: string, message: string}[]} */
    errors: {
        path: string;
        message: string;
    }[];
    /** @param {string} message @param {RpcError} [rpc] */
    constructor(message: string, rpc?: RpcError);
}
/** The Codex backend rejects an official parameter, such as `temperature`. */
export declare class CodexBackendUnsupportedParameterError extends InvalidParamsError {
}
/** The file does not exist, is not a regular file, cannot be read, or is too large. */
export declare class FileError extends InvalidParamsError {
}
/** 401. */
export declare class AuthenticationError extends APIError {
}
/** There are no usable credentials. */
export declare class NotAuthenticatedError extends AuthenticationError {
    status: number;
    /** @param {string} message @param {RpcError} [rpc] */
    constructor(message: string, rpc?: RpcError);
}
/** 403. */
export declare class PermissionDeniedError extends APIError {
}
/** 404, also for a model that the account does not have. */
export declare class NotFoundError extends APIError {
    status: number;
    /** @param {string} message @param {RpcError} [rpc] */
    constructor(message: string, rpc?: RpcError);
}
/** 409. */
export declare class ConflictError extends APIError {
}
/** 422. */
export declare class UnprocessableEntityError extends APIError {
}
/** 429. */
export declare class RateLimitError extends APIError {
}
/** 500 and above. */
export declare class InternalServerError extends APIError {
}
