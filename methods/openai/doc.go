// Package openai serves the HTTP API of OpenAI, so that programs and frameworks
// written for the official packages run on a codex-rpc host. A request for
// https://api.openai.com/v1 is converted to a call of the host's methods, and the
// result to the answer of that API:
//
//	api := openai.New(openai.Options{Call: …})
//	http.ListenAndServe("127.0.0.1:0", api)
//
// The events of a response are passed on as they arrive; chat completions are
// converted both ways. The package is independent of the transport: an [API] is
// an http.Handler, and [API.Serve] answers a [Request] to any [Reply], as the host
// does over its pipe.
//
// Unsupported parameters are dropped if they do not change the answer, and
// rejected if they do; [ResponseParameters], [ChatParameters] and
// [MediaParameters] list them. A model that the account does not have is replaced
// with the default one, since most programs name a model of the OpenAI API. The
// header x-codex-rpc-dropped lists the dropped parameters, and x-codex-rpc-model
// the model.
package openai
