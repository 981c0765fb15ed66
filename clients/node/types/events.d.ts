// The events of responses.create. A backend may send types that are not among
// these: let a switch over the type have a default.

import type {
  Raw,
  Response,
  ResponseOutputItem,
  ResponseOutputRefusal,
  ResponseOutputText,
  ResponseUsage,
} from './api.js';

interface ResponseEvent<Type extends string> {
  type: Type;
  sequence_number: number;
}

interface ItemEvent<Type extends string> extends ResponseEvent<Type> {
  item_id: string;
  output_index: number;
}

interface ContentEvent<Type extends string> extends ItemEvent<Type> {
  content_index: number;
}

interface SummaryEvent<Type extends string> extends ItemEvent<Type> {
  summary_index: number;
}

export interface ResponseStateEvent
  extends ResponseEvent<
    | 'response.created'
    | 'response.queued'
    | 'response.in_progress'
    | 'response.completed'
    | 'response.incomplete'
    | 'response.failed'
  > {
  /** As the backend sends it, without what this server derives. */
  response: Omit<Response, 'output_text' | 'reasoning_summary' | 'tool_calls' | 'usage'> & { usage: ResponseUsage | null };
}

export interface ResponseOutputItemEvent
  extends ResponseEvent<'response.output_item.added' | 'response.output_item.done'> {
  output_index: number;
  item: ResponseOutputItem;
}

export interface ResponseContentPartEvent
  extends ContentEvent<'response.content_part.added' | 'response.content_part.done'> {
  part: ResponseOutputText | ResponseOutputRefusal | Raw;
}

export interface ResponseTextDeltaEvent extends ContentEvent<'response.output_text.delta'> {
  delta: string;
}

export interface ResponseContentPartDeltaEvent extends ContentEvent<'response.content_part.delta'> {
  delta: string | { text?: string };
}

export interface ResponseTextDoneEvent extends ContentEvent<'response.output_text.done'> {
  text: string;
}

export interface ResponseTextAnnotationEvent extends ContentEvent<'response.output_text.annotation.added'> {
  annotation_index: number;
  annotation: Raw;
}

export interface ResponseRefusalDeltaEvent extends ContentEvent<'response.refusal.delta'> {
  delta: string;
}

export interface ResponseRefusalDoneEvent extends ContentEvent<'response.refusal.done'> {
  refusal: string;
}

export interface ResponseFunctionCallArgumentsDeltaEvent
  extends ItemEvent<'response.function_call_arguments.delta'> {
  delta: string;
}

export interface ResponseFunctionCallArgumentsDoneEvent extends ItemEvent<'response.function_call_arguments.done'> {
  arguments: string;
}

export interface ResponseReasoningSummaryPartEvent
  extends SummaryEvent<'response.reasoning_summary_part.added' | 'response.reasoning_summary_part.done'> {
  part: { type: 'summary_text'; text: string };
}

export interface ResponseReasoningSummaryTextDeltaEvent
  extends SummaryEvent<'response.reasoning_summary_text.delta'> {
  delta: string;
}

export interface ResponseReasoningSummaryTextDoneEvent extends SummaryEvent<'response.reasoning_summary_text.done'> {
  text: string;
}

export interface ResponseReasoningTextDeltaEvent extends ContentEvent<'response.reasoning_text.delta'> {
  delta: string;
}

export interface ResponseReasoningTextDoneEvent extends ContentEvent<'response.reasoning_text.done'> {
  text: string;
}

export interface ResponseWebSearchCallEvent
  extends ItemEvent<
    'response.web_search_call.in_progress' | 'response.web_search_call.searching' | 'response.web_search_call.completed'
  > {}

export interface ResponseErrorEvent {
  type: 'error';
  sequence_number?: number;
  error?: { type?: string; code?: string | null; message: string; param?: string | null };
  code?: string | null;
  message?: string;
}

/** What a stream of responses.create gives, told apart by `type`. */
export type ResponseStreamEvent =
  | ResponseStateEvent
  | ResponseOutputItemEvent
  | ResponseContentPartEvent
  | ResponseTextDeltaEvent
  | ResponseContentPartDeltaEvent
  | ResponseTextDoneEvent
  | ResponseTextAnnotationEvent
  | ResponseRefusalDeltaEvent
  | ResponseRefusalDoneEvent
  | ResponseFunctionCallArgumentsDeltaEvent
  | ResponseFunctionCallArgumentsDoneEvent
  | ResponseReasoningSummaryPartEvent
  | ResponseReasoningSummaryTextDeltaEvent
  | ResponseReasoningSummaryTextDoneEvent
  | ResponseReasoningTextDeltaEvent
  | ResponseReasoningTextDoneEvent
  | ResponseWebSearchCallEvent
  | ResponseErrorEvent;
