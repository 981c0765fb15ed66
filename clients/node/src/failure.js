import { byType } from './error-types.js';
import * as errors from './errors.js';

/** @type {Record<number, new (message: string, rpc?: errors.RpcError) => errors.APIError>} */
const byStatus = {
  400: errors.BadRequestError,
  401: errors.AuthenticationError,
  403: errors.PermissionDeniedError,
  404: errors.NotFoundError,
  409: errors.ConflictError,
  422: errors.UnprocessableEntityError,
  429: errors.RateLimitError,
};

/**
 * Returns the exception for an error response.
 *
 * @param {errors.RpcError} rpc
 * @returns {errors.APIError}
 */
export function errorFrom(rpc) {
  const status = rpc.data?.status ?? 0;
  const Class = byType[rpc.data?.type] ?? byStatus[status] ?? (status >= 500 ? errors.InternalServerError : errors.APIError);
  return new Class(rpc.message, rpc);
}
