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
		"audio.transcriptions":           "Transcriptions of recordings.",
		"realtime":                       "Realtime sessions.",
		"realtime.calls":                 "Calls of realtime sessions.",
		"images":                         "Images.",
		"files":                          "Files that requests refer to.",
		"codex":                          "What the Codex backend has beside OpenAI's API. Its answers come as they are.",
		"codex.rate_limit_reset_credits": "Credits that reset used-up limits.",
		"codex.accounts":                 "The accounts and workspaces of the sign-in.",
		"codex.web_search":               "Web search without a model.",
		"codex.config":                   "The managed configuration of the account.",
		"codex.tasks":                    "Codex cloud tasks.",
		"codex.tasks.turns":              "Turns of Codex cloud tasks.",
		"codex.environments":             "Environments of Codex cloud tasks.",
		"codex.memories":                 "What ChatGPT remembers about the user.",
		"codex.user_system_messages":     "The user's customization of ChatGPT.",
	}
}
