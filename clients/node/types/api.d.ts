// The parameters, results and events of codex-rpc's methods: those of declared.d.ts,
// some with narrower types. Times are Unix times in seconds and durations are in
// seconds, unless the name says otherwise. Undeclared members are kept.

/// <reference lib="esnext.disposable" />

import type * as declared from './declared.js';
import type * as vocabulary from './vocabulary.js';

export * from './vocabulary.js';

export type * from './declared.js';

/** A response of the backend, unchanged. Its members depend on the account. */
export type Raw = { [name: string]: any };

/** A JSON Schema. */
export type JSONSchema = { [keyword: string]: unknown };

// Responses: parameters.

export type ReasoningEffort = Exclude<vocabulary.Reasoning['effort'], number | null | undefined>;

/** The output of a function call. */
export type ResponseFunctionCallOutput = vocabulary.ResponseFunctionToolCallOutput;

/** A schema that validates values and has a JSON Schema, as in Zod since 4.2. */
export interface Schema<T> {
  readonly '~standard': {
    readonly types?: { readonly output: T } | undefined;
    validate(value: unknown): unknown;
  };
}

/** A format created by zodTextFormat. */
export interface ParseableFormat<T> extends vocabulary.ResponseFormatJSONSchema {
  name: string;
  $parseRaw(text: string): T | Promise<T>;
}

/** A tool created by zodResponsesFunction. */
export interface ParseableTool<T> extends vocabulary.FunctionTool {
  parameters: JSONSchema;
  strict: true;
  $parseRaw(text: string): T | Promise<T>;
  $callback?: (args: T) => unknown;
}

export type ResponseParseParams<T> =
  | (declared.ResponseCreateParams & { text_format?: Schema<T> | { name: string; schema: Schema<T> | JSONSchema } | JSONSchema | null })
  | (Omit<declared.ResponseCreateParams, 'text'> & {
      text: Omit<vocabulary.ResponseTextConfig, 'format'> & {
        format: { type: 'json_schema'; name: string; schema: JSONSchema; $parseRaw?(text: string): T | Promise<T> };
      };
    });

export type ResponseStreamParams<T> = ResponseParseParams<T> | (declared.ResponseCreateParams & { stream?: true });

// Responses: results.

/** A text and its parsed value. */
export interface ParsedResponseOutputText<T> extends vocabulary.ResponseOutputText {
  parsed: T | null;
}

export interface ParsedResponseOutputMessage<T> extends Omit<vocabulary.ResponseOutputMessage, 'content'> {
  content: (ParsedResponseOutputText<T> | vocabulary.ResponseOutputRefusal)[];
}

export interface ParsedResponseFunctionToolCall extends vocabulary.ResponseFunctionToolCall {
  /** The parsed arguments of a strict function, otherwise null. */
  parsed_arguments: any;
}

export type ParsedResponse<T> = Omit<Response, 'output'> & {
  output: (
    | ParsedResponseOutputMessage<T>
    | ParsedResponseFunctionToolCall
    | Exclude<vocabulary.ResponseOutputItem, vocabulary.ResponseOutputMessage | vocabulary.ResponseFunctionToolCall>
  )[];
  /** Null without a format, or if the model calls tools instead. */
  output_parsed: T | null;
};

/** A listener of responses.stream. */
export type ResponseStreamListener<Name extends string> = Name extends 'event'
  ? (event: vocabulary.ResponseStreamEvent) => void
  : Name extends 'error' | 'abort'
    ? (error: Error) => void
    : Name extends 'connect' | 'end'
      ? () => void
      : Name extends 'response.output_text.delta' | 'response.function_call_arguments.delta'
        ? (event: Extract<vocabulary.ResponseStreamEvent, { type: Name }> & { snapshot: string }) => void
        : Name extends vocabulary.ResponseStreamEvent['type']
          ? (event: Extract<vocabulary.ResponseStreamEvent, { type: Name }>) => void
          : (event: any) => void;


// Embeddings, audio, files, realtime.

/** An uploaded file in the form of the OpenAI API, with the additional members of the backend. */
export interface FileObject extends Omit<declared.UploadedFile, 'path'> {
  id: string;
  object: 'file';
  bytes: number;
  created_at: number;
  filename: string;
  purpose: string;
  status: 'processed';
}

/** A file's path, or its content: a File, a Blob, bytes, a fetch Response, or a stream such as fs.createReadStream's. */
export type FileLike =
  | string
  | URL
  | Blob
  | ArrayBuffer
  | ArrayBufferView
  | InstanceType<typeof globalThis.Response>
  | (AsyncIterable<Uint8Array | string> & { path?: unknown })
  | { path: string }
  | { name: string; data: string; content_type?: string };

export interface EmbeddingCreateParams extends declared.EmbeddingCreateParams {
  input: string | string[] | number[] | number[][];
  encoding_format?: 'float' | 'base64' | null;
}

export interface TranscriptionCreateParams extends declared.TranscriptionCreateParams {
  file: FileLike;
}

export interface Transcription extends declared.Transcription {
  [name: string]: any;
}

export interface RealtimeCallCreateParams extends declared.RealtimeCallCreateParams {
  session?: { type: string; model?: string; [name: string]: any } | null;
}

/** An image: a file, by its path or content, a URL, or an uploaded file. */
export type ImageInput = FileLike | { image_url: string } | { file_id: string };

export interface ImageEditParams extends declared.ImageEditParams {
  image: ImageInput | ImageInput[];
  mask?: ImageInput | null;
}

// Codex.

/** A trace to summarize into memories. */
export interface RawMemory {
  id: string;
  metadata: { source_path: string };
  items: Raw[];
}

export interface TraceSummarizeParams extends declared.TraceSummarizeParams {
  traces: RawMemory[];
}

// Signing in.

export type AuthPrompt = declared.AuthURL | declared.AuthDeviceCode;
