import * as errors from './errors.js';
/**
 * The classes by the types of errors that the server tells.
 *
 * @type {Record<string, new (message: string, rpc?: errors.RpcError) => errors.APIError>}
 */
export declare const byType: Record<string, new (message: string, rpc?: errors.RpcError) => errors.APIError>;
