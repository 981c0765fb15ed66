package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/codex-rpc/codex-rpc/backend/localfile"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
	"github.com/codex-rpc/codex-rpc/schema"
)

// maxParamsBytes bounds what parameters are read from.
const maxParamsBytes = 256 << 20

// readParams returns the parameters of a call from the arguments: optionally an
// object, then members. The help of the command call describes their forms.
func readParams(method string, args []string, stdin io.Reader) (v rawjson.Value, err error) {
	params := []byte("{}")
	if len(args) > 0 && !isMember(args[0]) {
		switch first := args[0]; {
		case first == "-":
			params, err = io.ReadAll(io.LimitReader(stdin, maxParamsBytes+1))
			if len(params) > maxParamsBytes {
				err = fmt.Errorf("more than %d bytes", maxParamsBytes)
			}
		case strings.HasPrefix(first, "@"):
			params, err = localfile.Read(first[1:], maxParamsBytes)
		default:
			params = []byte(first)
		}
		if err != nil {
			return v, usageError("cannot read the parameters: %v", err)
		}
		args = args[1:]
	}
	if v, err = parseParams(params); err != nil || len(args) == 0 {
		return v, err
	}
	object := make(map[string]any)
	for name, value := range v.Members() {
		object[name] = json.RawMessage(value.Bytes())
	}
	for _, arg := range args {
		if !isMember(arg) {
			return v, &failure{exitUsage, fmt.Sprintf("%q is not a parameter", arg), []string{"parameters are KEY=TEXT, KEY:=JSON or KEY@FILE, after the object if there is one", exampleHint(method)}}
		}
		key, value, err := readMember(method, arg)
		if err != nil {
			return v, err
		}
		if err := set(object, strings.Split(key, "."), value); err != nil {
			return v, usageError("%s: %v", arg, err)
		}
	}
	text, err := json.Marshal(object)
	if err != nil {
		return v, err
	}
	return parseParams(text)
}

// parseParams parses the object that holds the parameters.
func parseParams(text []byte) (v rawjson.Value, err error) {
	if !utf8.Valid(text) {
		return v, usageError("the parameters are not UTF-8 text")
	}
	v, err = rawjson.Parse(bytes.TrimPrefix(text, []byte("\ufeff"))) // from an editor or a shell's redirection
	if err != nil {
		return v, &failure{exitUsage, "the parameters are not JSON: " + err.Error(), []string{"KEY=TEXT, KEY:=JSON and KEY@FILE need no JSON around them"}}
	}
	if v.Kind() != '{' {
		return v, usageError("the parameters must be a JSON object")
	}
	return v, nil
}

const memberPattern = `^([A-Za-z_][A-Za-z0-9_.-]*)(:=@|=@|:=|=|@)((?s).*)$`

func isMember(arg string) bool { return regexp.MustCompile(memberPattern).MatchString(arg) }

// readMember returns the key of a member and its value for encoding/json.
func readMember(method, arg string) (key string, value any, err error) {
	parts := regexp.MustCompile(memberPattern).FindStringSubmatch(arg)
	key, text := parts[1], []byte(parts[3])
	separator := parts[2]
	if separator == "@" && takesFile(method, key) {
		return key, map[string]string{"path": parts[3]}, nil
	}
	if strings.HasSuffix(separator, "@") {
		if text, err = localfile.Read(parts[3], maxParamsBytes); err != nil {
			return key, nil, usageError("%s: %v", key, err)
		}
		text = bytes.TrimPrefix(text, []byte("\ufeff"))
	}
	if !strings.HasPrefix(separator, ":=") {
		return key, string(text), nil
	}
	v, err := rawjson.Parse(text)
	if err != nil {
		return key, nil, &failure{exitUsage, key + " is not JSON: " + err.Error(), []string{key + "=TEXT passes a string"}}
	}
	return key, json.RawMessage(v.Bytes()), nil
}

// set sets a member of the object at a path, creating objects as needed.
func set(object map[string]any, path []string, value any) error {
	name := path[0]
	if len(path) == 1 {
		object[name] = value
		return nil
	}
	inner := make(map[string]any)
	switch there := object[name].(type) {
	case nil:
	case map[string]any:
		inner = there
	case json.RawMessage:
		var members map[string]json.RawMessage
		if json.Unmarshal(there, &members) != nil {
			return usageError("%s is not an object", name)
		}
		for key, member := range members {
			inner[key] = member
		}
	default:
		return usageError("%s is not an object", name)
	}
	object[name] = inner
	return set(inner, path[1:], value)
}

// takesFile reports whether a parameter is a file to upload, which is given by
// its path.
func takesFile(method, name string) bool {
	params, err := rawjson.Parse(schema.Params(method))
	return err == nil && isFile(params.Get("properties").Get(name))
}

// isFile reports whether a schema, or an alternative of it, has a property path.
func isFile(schema rawjson.Value) bool {
	for alternative := range schema.Get("anyOf").Elements() {
		if isFile(alternative) {
			return true
		}
	}
	return schema.Get("properties").Get("path").Kind() != 0
}

// exampleHint returns a hint that shows how to call a method.
func exampleHint(method string) string {
	if example := exampleOf(method); example != "" {
		return "for example: " + example
	}
	return "codex-rpc schema " + method + " prints the parameters"
}
