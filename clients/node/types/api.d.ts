// The parameters and results of codex-rpc's methods, and its events. Times are
// Unix seconds and durations seconds unless a name says otherwise. The server
// may send members that are not declared here; they are kept.

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

export interface ResponseCreateParams {
  /** The client's, if left out. */
  model?: string;
  /** A text, an item, or all items of the conversation so far: the backend keeps none. */
  input?: string | ResponseInputItem | ResponseInputItem[];
  /** The system message; the client's, if left out. */
  instructions?: string | null;
  /** What the output holds beside the ordinary, as `reasoning.encrypted_content`. */
  include?: string[] | null;
  tools?: Tool[] | null;
  /** Without tools it is `none`. */
  tool_choice?: ToolChoice | null;
  /** Let the model call several tools at once. */
  parallel_tool_calls?: boolean | null;
  reasoning?: Reasoning | null;
  text?: ResponseTextConfig | null;
  /** Requests with the same key are likely to find each other's prompt cached. */
  prompt_cache_key?: string | null;
  /** As `priority` or `flex`. */
  service_tier?: string | null;
  /** The backend stores nothing. */
  store?: false | null;
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

export interface ResponseCompactParams {
  input: ResponseInputItem[];
  model?: string;
  instructions?: string | null;
  tools?: Tool[] | null;
  parallel_tool_calls?: boolean | null;
  reasoning?: Reasoning | null;
  service_tier?: string | null;
  prompt_cache_key?: string | null;
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

export interface TokenDetails {
  cached_tokens: number;
  reasoning_tokens: number;
}

export interface ResponseUsage {
  input_tokens: number;
  output_tokens: number;
  total_tokens: number;
  input_tokens_details: TokenDetails;
  output_tokens_details: TokenDetails;
}

export interface Response {
  id: string;
  object: 'response';
  created_at: number;
  completed_at?: number | null;
  status: 'completed' | 'incomplete' | 'in_progress' | 'failed';
  error: { code: string; message: string } | null;
  incomplete_details: { reason?: string } | null;
  model: string;
  instructions?: string | ResponseInputItem[] | null;
  /** Messages, reasoning, calls of tools. */
  output: ResponseOutputItem[];
  /** The text of all messages. */
  output_text: string;
  /** The summaries of the reasoning, a line each. */
  reasoning_summary: string | null;
  /** The items of output that are function calls. */
  tool_calls: ResponseFunctionToolCall[];
  parallel_tool_calls: boolean;
  tools: Tool[];
  tool_choice: ToolChoice;
  usage: ResponseUsage;
  reasoning?: Reasoning | null;
  text?: ResponseTextConfig | null;
  prompt_cache_key?: string | null;
  service_tier?: string | null;
}

export type ParsedResponse<T> = Response & { output_parsed: T };

export interface CompactedResponse {
  id: string;
  object: 'response.compacted';
  /** To be used as input, as it is. */
  output: (ResponseInputItem | { type: 'compaction_summary'; encrypted_content: string })[];
}

export * from './events.js';

// Models.

export interface ModelListParams {
  /** Ask the backend also if its answer of the last five minutes is known. */
  force_refresh?: boolean;
}

export interface Model {
  id: string;
  created: number;
  object: 'model';
  owned_by: string;
  display_name: string;
  description: string;
  /** In tokens. */
  context_window: number | null;
  supported_in_api: boolean;
  priority: number;
  supports_reasoning_summaries: boolean;
  support_verbosity: boolean;
  default_verbosity: string | null;
  default_reasoning_level: string | null;
  supported_reasoning_levels: Raw[];
  auto_compact_token_limit: number | null;
  prefer_websockets: boolean;
  input_modalities: string[];
  available_in_plans: string[];
  base_instructions: string;
  /** The model as the backend describes it. */
  raw: Raw;
}

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

export interface EmbeddingCreateParams {
  model: string;
  input: string | string[] | number[] | number[][];
  dimensions?: number | null;
  encoding_format?: 'float' | 'base64' | null;
  user?: string | null;
  extra_body?: Raw;
}

export interface CreateEmbeddingResponse {
  object: 'list';
  model: string;
  data: { object: 'embedding'; index: number; embedding: number[] }[];
  usage: { prompt_tokens: number; total_tokens: number };
}

export interface TranscriptionCreateParams {
  file: FileLike;
  model: string;
  language?: string | null;
  prompt?: string | null;
  response_format?: 'json' | 'text' | 'srt' | 'verbose_json' | 'vtt' | 'diarized_json' | null;
  temperature?: number | null;
  timestamp_granularities?: ('word' | 'segment')[] | null;
  chunking_strategy?: 'auto' | Raw | null;
  include?: string[] | null;
  known_speaker_names?: string[] | null;
  known_speaker_references?: string[] | null;
  stream?: boolean | null;
  extra_body?: Raw;
}

export interface Transcription {
  text: string;
  [name: string]: any;
}

export type TranscriptionStreamEvent =
  | { type: 'transcript.text.delta'; delta: string; logprobs?: Raw[] }
  | { type: 'transcript.text.segment'; text: string; start: number; end: number; speaker?: string }
  | { type: 'transcript.text.done'; text: string; usage?: Raw };

export interface FileUploadParams {
  /** How long to wait until the backend has taken the file; 30. */
  finalize_timeout?: number;
  /** How long to wait between two questions whether it has; 0.25. */
  finalize_retry_delay?: number;
}

export interface UploadedFile {
  file_id: string;
  /** sediment://, and the id. */
  uri: string;
  download_url: string;
  file_name: string;
  file_size_bytes: number;
  mime_type: string | null;
  path: string;
}

export interface RealtimeCallCreateParams {
  /** The offer. */
  sdp: string;
  session?: { type: string; model?: string; [name: string]: any };
  extra_body?: Raw;
}

export interface RealtimeCallResponse {
  /** The answer, as SDP. */
  text: string;
  content_type: string;
  call_id?: string;
}

// Codex.

export interface UsageWindow {
  used_percent: number;
  limit_window_seconds: number;
  reset_after_seconds: number;
  reset_at: number;
}

/** What there is depends on the plan. */
export interface Usage {
  plan_type?: string;
  rate_limit?: {
    allowed?: boolean;
    limit_reached?: boolean;
    primary_window?: UsageWindow | null;
    secondary_window?: UsageWindow | null;
  } | null;
  credits?: Raw | null;
  additional_rate_limits?: Raw[] | null;
  rate_limit_reached_type?: any;
  [name: string]: any;
}

export interface TaskListParams {
  limit?: number | null;
  cursor?: string | null;
  task_filter?: string | null;
  environment_id?: string | null;
}

/** A trace of which memories are made. */
export interface RawMemory {
  id: string;
  metadata: { source_path: string };
  items: Raw[];
}

export interface TraceSummarizeParams {
  model: string;
  traces: RawMemory[];
  reasoning?: Reasoning | null;
}

export interface MemorySummarizeResponse {
  output: { trace_summary: string; memory_summary: string }[];
}

// Signing in.

export interface AuthenticateParams {
  /** How to sign in; in the browser, if left out. */
  method?: 'browser' | 'device_code';
  /** Start a sign-in if there are no usable credentials; true. */
  interactive?: boolean;
  /** Sign in anew in any case; false. */
  force?: boolean;
  /** Open the browser, beside telling the address; true. */
  open_browser?: boolean;
  /** Also ask for the API key that Realtime needs; true. */
  request_api_key?: boolean;
  workspace_id?: string;
}

export type AuthPrompt =
  | { type: 'auth.url'; url: string; expires_at?: number }
  | { type: 'auth.device_code'; user_code: string; verification_url: string; expires_at?: number };

export interface AccountInfo {
  authenticated: boolean;
  account_id: string | null;
  email: string | null;
  plan_type: string | null;
  expires_at: number | null;
  auth_mode: string | null;
}
