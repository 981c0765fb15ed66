// Package openai answers the HTTP API of OpenAI, so that programs and frameworks
// that are written against the official packages run on a codex-rpc host. What
// they would post to https://api.openai.com/v1 becomes a call of the host's
// methods, and the result what that API would have answered:
//
//	api := openai.New(openai.Options{Call: …})
//	http.ListenAndServe("127.0.0.1:0", api)
//
// Responses are passed on as they come, event by event; Chat Completions are
// translated both ways; the rest is small. Nothing here knows a transport: an
// [API] is an http.Handler, and [API.Serve] answers a [Request] to whatever
// [Reply] there is, which is how the host offers it over its pipe.
//
// Unsupported parameters are dropped if they do not change the answer, and rejected if they do: [ResponseParameters],
// [ChatParameters] and [MediaParameters] are the tables. A model that the account does not have is replaced with the
// default one, since most programs name one of the OpenAI API. The header x-codex-rpc-dropped lists dropped parameters,
// and x-codex-rpc-model the model.
package openai
