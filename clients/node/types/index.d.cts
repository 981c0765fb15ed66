// What require('codex-rpc') returns: the class, and everything else as its properties.
import type * as exported from './index.js' with { 'resolution-mode': 'import' };

declare const OpenAI: typeof exported.OpenAI & Omit<typeof exported, 'prototype'>;
type OpenAI = exported.OpenAI;
declare namespace OpenAI {
  type OpenAI = exported.OpenAI;
  type APIError = exported.APIError;
  type APIPromise<T> = exported.APIPromise<T>;
  type ResponseStream<T> = exported.ResponseStream<T>;
  type Stream<Event, Result> = exported.Stream<Event, Result>;
}

export = OpenAI;
