"""The members that items, contents, tools and events may lack, by their type: as attributes those are None."""

from __future__ import annotations

_CALL = ("caller", "created_by")
_CODE_TOOL = ("allowed_callers", "async_", "defer_loading", "description")

_OPTIONAL: dict[str, tuple[str, ...]] = {
    # Items.
    "message": ("phase", "status", "id"),
    "reasoning": ("content", "encrypted_content", "status"),
    "function_call": ("id", "async_", "caller", "namespace", "status", "parsed_arguments"),
    "function_call_output": ("id", "call_id", "name", "namespace", "status", *_CALL),
    "custom_tool_call": ("id", "async_", "caller", "namespace", "status"),
    "custom_tool_call_output": ("id", "status", *_CALL),
    "file_search_call": ("results",),
    "web_search_call": ("action", "status"),
    "computer_call": ("action", "actions"),
    "computer_call_output": ("acknowledged_safety_checks", "created_by", "status"),
    "tool_search_call": ("call_id", "created_by"),
    "tool_search_output": ("call_id", "created_by"),
    "compaction": ("created_by", "id"),
    "image_generation_call": (
        "result",
        "action",
        "background",
        "error",
        "output_format",
        "quality",
        "revised_prompt",
        "size",
    ),
    "code_interpreter_call": ("code", "outputs"),
    "local_shell_call_output": ("status",),
    "shell_call": ("environment", *_CALL),
    "shell_call_output": ("max_output_length", *_CALL),
    "apply_patch_call": _CALL,
    "apply_patch_call_output": ("output", *_CALL),
    "mcp_call": ("approval_request_id", "error", "output", "status"),
    "mcp_list_tools": ("error",),
    "mcp_approval_response": ("reason",),
    # Contents.
    "output_text": ("logprobs", "annotations", "parsed"),
    "input_text": (),
    "input_image": ("detail", "file_id", "image_url"),
    "input_file": ("file_data", "file_id", "file_url", "filename", "detail"),
    # Tools.
    "function": ("parameters", "strict", "output_schema", *_CODE_TOOL),
    "custom": ("format", *_CODE_TOOL),
    "web_search": ("external_web_access", "filters", "search_context_size", "user_location"),
    "web_search_preview": ("search_content_types", "search_context_size", "user_location"),
    "file_search": ("filters", "max_num_results", "ranking_options"),
    "mcp": (
        "allowed_callers",
        "allowed_tools",
        "authorization",
        "connector_id",
        "defer_loading",
        "headers",
        "require_approval",
        "server_description",
        "server_url",
    ),
    "code_interpreter": ("allowed_callers",),
    "image_generation": (
        "action",
        "background",
        "input_fidelity",
        "input_image_mask",
        "model",
        "moderation",
        "output_compression",
        "output_format",
        "partial_images",
        "quality",
        "size",
    ),
    "tool_search": ("description", "execution", "parameters"),
    # Events.
    "error": ("code", "param", "message", "sequence_number"),
    "response.output_text.delta": ("logprobs", "obfuscation"),
    "response.output_text.done": ("logprobs", "parsed"),
    "response.function_call_arguments.delta": ("obfuscation",),
    "response.function_call_arguments.done": ("name",),
    "response.reasoning_summary_part.done": ("status",),
    "response.reasoning_summary_text.delta": ("obfuscation",),
    "response.image_generation_call.partial_image": ("background", "output_format", "quality", "size"),
    "response.output_text.annotation.added": ("annotation",),
}


def may_be_absent(type: object, name: str) -> bool:
    """Reports whether objects of a type may lack a member."""
    return isinstance(type, str) and name in _OPTIONAL.get(type, ())
