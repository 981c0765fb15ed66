package methods

// Groups says what the methods have in common whose names begin with a path, as
// codex.tasks.list begins with codex and with codex.tasks. The clients have an
// object for each of them.
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
