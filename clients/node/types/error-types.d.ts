import * as errors from './errors.js';
/**
 * The classes by error type.
 *
 * @type {Record<string, new (message: string, rpc?: errors.RpcError) => errors.APIError>}
 */
export declare const byType: Record<string, new (message: string, rpc?: errors.RpcError) => errors.APIError>;
