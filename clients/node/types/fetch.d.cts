import type * as exported from './fetch.js' with { 'resolution-mode': 'import' };

export const createFetch: typeof exported.createFetch;
