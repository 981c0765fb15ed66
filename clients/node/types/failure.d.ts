import * as errors from './errors.js';
/**
 * Returns the exception for an error response.
 *
 * @param {errors.RpcError} rpc
 * @returns {errors.APIError}
 */
export declare function errorFrom(rpc: errors.RpcError): errors.APIError;
