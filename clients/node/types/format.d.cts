import type * as exported from './format.js' with { 'resolution-mode': 'import' };

export const zodResponsesFunction: typeof exported.zodResponsesFunction;
export const zodTextFormat: typeof exported.zodTextFormat;
