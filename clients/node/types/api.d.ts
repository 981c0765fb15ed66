// The parameters and results of codex-rpc's methods, and its events: those that
// declared.d.ts has, made narrower where TypeScript can tell more. Times are Unix
// seconds and durations seconds unless a name says otherwise. The server may send
// members that are not declared; they are kept.

import type * as declared from './declared.js';
import type * as events from './events.js';

export type {
  AccountInfo,
  AuthenticateParams,
  CreditConsumeParams,
  EmbeddingUsage,
  EnvironmentSearchParams,
  FileUploadParams,
  ImageGenerateParams,
  ImagesResponse,
  MemorySummarizeOutput,
  MemorySummarizeResponse,
  Model,
  ModelListParams,
  RateLimit,
  RealtimeCallCreateV3Params,
  RealtimeCallResponse,
  ResponseUsage,
  TaskCreateParams,
  TaskListParams,
  TokenDetails,
  UploadedFile,
  UsageWindow,
  WebSearchParams,
} from './declared.js';

/** An answer of the backend as it is. What it has depends on the account. */
export type Raw = { [name: string]: any };

/** A JSON Schema. */
export type JSONSchema = { [keyword: string]: unknown };

// Responses: what is asked.

export type ReasoningEffort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | (string & {});

export interface Reasoning {
  effort?: ReasoningEffort | null;
  summary?: 'auto' | 'concise' | 'detailed' | null;
}

export interface ResponseFormatJSONSchema {
  type: 'json_schema';
  name?: string | null;
  schema: JSONSchema;
  strict?: boolean | null;
  description?: string;
}

export interface ResponseTextConfig {
  verbosity?: 'low' | 'medium' | 'high' | null;
  format?: { type: 'text' } | { type: 'json_object' } | ResponseFormatJSONSchema | null;
}

export interface FunctionTool {
  type: 'function';
  name: string;
  description?: string | null;
  /** A JSON Schema of the arguments. */
  parameters?: JSONSchema | null;
  strict?: boolean | null;
}

/** A function, or a tool of the backend's own such as `web_search`. */
export type Tool = FunctionTool | { type: string; [name: string]: unknown };

export type ToolChoice = 'auto' | 'none' | 'required' | { type: string; [name: string]: unknown };

export interface ResponseInputText {
  type: 'input_text';
  text: string;
}

export interface ResponseInputImage {
  type: 'input_image';
  /** https:, or data: with the image in base64. */
  image_url: string;
  detail?: 'low' | 'high' | 'auto';
}

export interface EasyInputMessage {
  type?: 'message';
  role: 'user' | 'assistant' | 'developer' | 'system';
  content: string | (string | ResponseInputText | ResponseInputImage | { type: string; [name: string]: any })[];
}

export interface ResponseFunctionCallOutput {
  type: 'function_call_output';
  /** That of the function_call that this answers. */
  call_id: string;
  output: string;
}

/** A message, the answer to a tool call, or an item that a response gave. */
export type ResponseInputItem =
  | EasyInputMessage
  | ResponseFunctionCallOutput
  | ResponseOutputItem
  | { type: string; [name: string]: any };

export interface ResponseCreateParams extends declared.ResponseCreateParams {
  input?: string | ResponseInputItem | ResponseInputItem[] | null;
  tools?: Tool[] | null;
  tool_choice?: ToolChoice | null;
  reasoning?: Reasoning | null;
  text?: ResponseTextConfig | null;
}

/** A schema that checks values and tells its JSON Schema, as Zod's do from 4.2 on. */
export interface Schema<T> {
  readonly '~standard': {
    readonly types?: { readonly output: T } | undefined;
    validate(value: unknown): unknown;
  };
}

/** A format that zodTextFormat made. */
export interface ParseableFormat<T> extends ResponseFormatJSONSchema {
  name: string;
  $parseRaw(text: string): T | Promise<T>;
}

/** A tool that zodResponsesFunction made. */
export interface ParseableTool<T> extends FunctionTool {
  parameters: JSONSchema;
  strict: true;
  $parseRaw(text: string): T | Promise<T>;
  $callback?: (args: T) => unknown;
}

export type ResponseParseParams<T> =
  | (ResponseCreateParams & { text_format?: Schema<T> | { name: string; schema: Schema<T> | JSONSchema } | JSONSchema | null })
  | (Omit<ResponseCreateParams, 'text'> & {
      text: Omit<ResponseTextConfig, 'format'> & {
        format: { type: 'json_schema'; name: string; schema: JSONSchema; $parseRaw?(text: string): T | Promise<T> };
      };
    });

export type ResponseStreamParams<T> = ResponseParseParams<T> | (ResponseCreateParams & { stream?: true });

export interface ResponseCompactParams extends declared.ResponseCompactParams {
  input: ResponseInputItem[];
  tools?: Tool[] | null;
  reasoning?: Reasoning | null;
  text?: ResponseTextConfig | null;
}

// Responses: what is answered.

export interface ResponseOutputText {
  type: 'output_text';
  text: string;
  annotations: Raw[];
}

export interface ResponseOutputRefusal {
  type: 'refusal';
  refusal: string;
}

export interface ResponseOutputMessage {
  type: 'message';
  id: string;
  role: 'assistant';
  status: 'in_progress' | 'completed' | 'incomplete';
  content: (ResponseOutputText | ResponseOutputRefusal)[];
  /** Whether this is the answer or what is said on the way to it. */
  phase?: 'commentary' | 'final_answer' | null;
}

export interface ResponseFunctionToolCall {
  type: 'function_call';
  id?: string;
  call_id: string;
  name: string;
  /** JSON. */
  arguments: string;
  status?: 'in_progress' | 'completed' | 'incomplete';
}

export interface ResponseReasoningItem {
  type: 'reasoning';
  id: string;
  summary: { type: 'summary_text'; text: string }[];
  encrypted_content?: string | null;
}

export interface ResponseWebSearchCall {
  type: 'web_search_call';
  id: string;
  status: string;
  action?: Raw;
}

export interface ResponseCustomToolCall {
  type: 'custom_tool_call';
  call_id: string;
  name: string;
  input: string;
}

export type ResponseOutputItem =
  | ResponseOutputMessage
  | ResponseFunctionToolCall
  | ResponseReasoningItem
  | ResponseWebSearchCall
  | ResponseCustomToolCall;

export interface Response extends declared.Response {
  status: 'completed' | 'incomplete' | 'in_progress' | 'failed';
  error: { code: string; message: string } | null;
  incomplete_details: { reason?: string } | null;
  instructions?: string | ResponseInputItem[] | null;
  output: ResponseOutputItem[];
  tool_calls: ResponseFunctionToolCall[];
  tools: Tool[];
  tool_choice: ToolChoice;
  reasoning?: Reasoning | null;
  text?: ResponseTextConfig | null;
}

/** A text, and what it stands for. */
export interface ParsedResponseOutputText<T> extends ResponseOutputText {
  parsed: T | null;
}

export interface ParsedResponseOutputMessage<T> extends Omit<ResponseOutputMessage, 'content'> {
  content: (ParsedResponseOutputText<T> | ResponseOutputRefusal)[];
}

export interface ParsedResponseFunctionToolCall extends ResponseFunctionToolCall {
  /** Of a strict function. */
  parsed_arguments: any;
}

export type ParsedResponse<T> = Omit<Response, 'output'> & {
  output: (
    | ParsedResponseOutputMessage<T>
    | ParsedResponseFunctionToolCall
    | Exclude<ResponseOutputItem, ResponseOutputMessage | ResponseFunctionToolCall>
  )[];
  /** Null where there is nothing to parse: without a form, or when tools are called in place of an answer. */
  output_parsed: T | null;
};

/** A listener of responses.stream. */
export type ResponseStreamListener<Name extends string> = Name extends 'event'
  ? (event: events.ResponseStreamEvent) => void
  : Name extends 'error' | 'abort'
    ? (error: Error) => void
    : Name extends 'connect' | 'end'
      ? () => void
      : Name extends 'response.output_text.delta' | 'response.function_call_arguments.delta'
        ? (event: Extract<events.ResponseStreamEvent, { type: Name }> & { snapshot: string }) => void
        : Name extends events.ResponseStreamEvent['type']
          ? (event: Extract<events.ResponseStreamEvent, { type: Name }>) => void
          : (event: any) => void;

export interface CompactedResponse extends declared.CompactedResponse {
  /** To be used as input, as it is. */
  output: ResponseOutputItem[];
}

export * from './events.js';

// Embeddings, audio, files, realtime.

/** An uploaded file as OpenAI's API describes it, and what the backend tells beyond that. */
export interface FileObject extends Omit<declared.UploadedFile, 'path'> {
  id: string;
  object: 'file';
  bytes: number;
  created_at: number;
  filename: string;
  purpose: string;
  status: 'processed';
}

/** A file's path, or its content: a File, a Blob, bytes, a fetch Response, or a stream as of fs.createReadStream. */
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

export interface Embedding extends declared.Embedding {
  embedding: number[];
}

export interface CreateEmbeddingResponse extends declared.CreateEmbeddingResponse {
  data: Embedding[];
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

/** An image: a file, by its path or its content, a URL, or a file that was uploaded. */
export type ImageInput = FileLike | { image_url: string } | { file_id: string };

export interface ImageEditParams extends declared.ImageEditParams {
  image: ImageInput | ImageInput[];
  mask?: ImageInput | null;
}

// Codex.

export interface Usage extends declared.Usage {
  [name: string]: any;
}

/** A trace of which memories are made. */
export interface RawMemory {
  id: string;
  metadata: { source_path: string };
  items: Raw[];
}

export interface TraceSummarizeParams extends declared.TraceSummarizeParams {
  traces: RawMemory[];
  reasoning?: Reasoning | null;
}

// Signing in.

export type AuthPrompt = declared.AuthURL | declared.AuthDeviceCode;
