// The parameters and results of codex-rpc's methods, and its events: those that
// declared.d.ts has, made narrower where TypeScript can tell more. Times are Unix
// seconds and durations seconds unless a name says otherwise. The server may send
// members that are not declared; they are kept.

import type * as declared from './declared.js';

export type {
  AccountInfo,
  AuthenticateParams,
  EmbeddingUsage,
  FileUploadParams,
  MemorySummarizeOutput,
  MemorySummarizeResponse,
  Model,
  ModelListParams,
  RateLimit,
  RealtimeCallResponse,
  ResponseUsage,
  TaskListParams,
  TokenDetails,
  UploadedFile,
  UsageWindow,
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

export type ResponseParseParams<T> =
  | (ResponseCreateParams & { text_format: Schema<T> | { name: string; schema: Schema<T> | JSONSchema } | JSONSchema })
  | (Omit<ResponseCreateParams, 'text'> & {
      text: Omit<ResponseTextConfig, 'format'> & {
        format: { type: 'json_schema'; name: string; schema: JSONSchema; $parseRaw?(text: string): T | Promise<T> };
      };
    });

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

export type ParsedResponse<T> = Response & { output_parsed: T };

export interface CompactedResponse extends declared.CompactedResponse {
  /** To be used as input, as it is. */
  output: (declared.OutputItem | { type: 'compaction_summary'; encrypted_content: string })[];
}

export * from './events.js';

// Embeddings, audio, files, realtime.

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
  response_format?: 'json' | 'text' | 'srt' | 'verbose_json' | 'vtt' | 'diarized_json' | null;
  timestamp_granularities?: ('word' | 'segment')[] | null;
  chunking_strategy?: 'auto' | Raw | null;
}

export interface Transcription extends declared.Transcription {
  [name: string]: any;
}

export type TranscriptionStreamEvent =
  | { type: 'transcript.text.delta'; delta: string; logprobs?: Raw[] }
  | { type: 'transcript.text.segment'; text: string; start: number; end: number; speaker?: string }
  | { type: 'transcript.text.done'; text: string; usage?: Raw };

export interface RealtimeCallCreateParams extends declared.RealtimeCallCreateParams {
  session?: { type: string; model?: string; [name: string]: any } | null;
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
