package methods

// Groups describes the groups of methods by the prefix of their names:
// codex.tasks.list is in codex and in codex.tasks. The clients have an object
// for each group.
func Groups() map[string]string {
	return map[string]string{
		"responses":                      "Model responses: text, tool calls, structured output.",
		"models":                         "The models that the account may use.",
		"embeddings":                     "Embeddings.",
		"audio":                          "Audio.",
		"audio.transcriptions":           "Audio transcriptions.",
		"realtime":                       "Realtime sessions.",
		"realtime.calls":                 "Realtime calls.",
		"images":                         "Images.",
		"files":                          "File uploads.",
		"codex":                          "Methods of the Codex backend beyond OpenAI's API. Results are returned unchanged.",
		"codex.rate_limit_reset_credits": "Credits that reset exhausted rate limits.",
		"codex.accounts":                 "The accounts and workspaces of the signed-in user.",
		"codex.web_search":               "Web search without calling a model.",
		"codex.config":                   "The account's managed configuration.",
		"codex.tasks":                    "Codex cloud tasks.",
		"codex.tasks.turns":              "Turns of Codex cloud tasks.",
		"codex.environments":             "Environments for Codex cloud tasks.",
		"codex.memories":                 "ChatGPT's memories of the user.",
		"codex.user_system_messages":     "The user's custom instructions for ChatGPT.",
	}
}
