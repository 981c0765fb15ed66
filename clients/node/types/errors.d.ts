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
/** There is no codex-rpc program to start. The message says where it was looked for. */
export declare class ServerNotFoundError extends OpenAIError {
}
/** A call failed. */
export declare class APIError extends OpenAIError {
    /** The backend's HTTP status. @type {number | undefined} */
    status: number | undefined;
    /** The backend's error code or, where it has none, its type, such as `rate_limit_exceeded`. @type {string | null | undefined} */
    code: string | null | undefined;
    /** The parameter that is at fault. @type {string | null | undefined} */
    param: string | null | undefined;
    /** The backend's type of error, or this server's: `timeout`, `overloaded`. @type {string | undefined} */
    type: string | undefined;
    /** The backend's id of the request, for its support. @type {string | undefined} */
    requestID: string | undefined;
    /** The body of the backend's answer. @type {any} */
    body: any;
    /** The error in the body or, failing that, the body. @type {any} */
    error: any;
    /** Whether the same call may succeed later. @type {boolean} */
    retryable: boolean;
    /** After how many seconds, if the backend says so. @type {number | undefined} */
    retryAfter: number | undefined;
    /** The JSON-RPC code. @type {number | undefined} */
    rpcCode: number | undefined;
    /** All that the server says about the error. @type {Record<string, any>} */
    data: Record<string, any>;
    /**
     * @param {string} message
     * @param {RpcError} [rpc] what the server answered, if it did
     */
    constructor(message: string, rpc?: RpcError);
    /**
     * The headers of the backend's answer that say something to a client, if there
     * was one.
     *
     * @returns {Headers | undefined}
     */
    get headers(): Headers | undefined;
}
/** The caller gave the call up, or closed the client. */
export declare class APIUserAbortError extends APIError {
    constructor(message?: string, /** @type {RpcError | undefined} */ rpc?: RpcError | undefined);
}
/** The backend gave no answer, or none that can be read. */
export declare class APIConnectionError extends APIError {
}
/** The backend sent nothing for the time of the timeout. */
export declare class APIConnectionTimeoutError extends APIConnectionError {
}
/** The stream ended before the response was complete. */
export declare class StreamInterruptedError extends APIConnectionError {
    /** The response as far as it came. @type {import('../types/api.js').Response | undefined} */
    partial: import('../types/api.js').Response | undefined;
    /** @param {string} message @param {RpcError} [rpc] */
    constructor(message: string, rpc?: RpcError);
}
/** The codex-rpc process ended while calls were under way. The next call starts another. */
export declare class ServerExitedError extends APIConnectionError {
    exitCode: number | null;
    signal: string | null;
    stderr: string;
    /**
     * @param {number | null} exitCode
     * @param {string | null} signal
     * @param {string} stderr the end of what it wrote there
     */
    constructor(exitCode: number | null, signal: string | null, stderr: string);
}
/** The backend reports that the response failed; `error` is its report. */
export declare class ResponseFailedError extends APIError {
}
/** Too many calls are under way at once; `retryAfter` says when to try again. */
export declare class OverloadedError extends APIError {
}
/** 400. */
export declare class BadRequestError extends APIError {
}
/**
 * The server refused the parameters; the backend was not asked. The status is
 * 400, as OpenAI's API answers such a request.
 */
export declare class InvalidParamsError extends BadRequestError {
    status: number;
    /** Each fault with its JSON pointer into the parameters. @type {{path: string, message: string}[]} */
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
/** A file is absent, no regular file, or too large. */
export declare class FileError extends InvalidParamsError {
}
/** 401. */
export declare class AuthenticationError extends APIError {
}
/** Nobody is signed in, or no longer. */
export declare class NotAuthenticatedError extends AuthenticationError {
    status: number;
    /** @param {string} message @param {RpcError} [rpc] */
    constructor(message: string, rpc?: RpcError);
}
/** 403. */
export declare class PermissionDeniedError extends APIError {
}
/** 404, also for a model that is not on the account's list. */
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
