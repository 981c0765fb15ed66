// Command generate writes the files of package schema, the declarations of the
// clients, and the tables of the documents that follow from the code. Run it by go
// generate.
package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/codex-rpc/codex-rpc/methods"
	"github.com/codex-rpc/codex-rpc/rpc"
)

func main() {
	if err := run(".."); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

// run writes the generated files and removes obsolete ones. root is the root of
// the module, relative to the working directory, which go generate sets to that
// of package schema.
func run(root string) error {
	files, err := generate(root, (*methods.Service).All)
	if err != nil {
		return err
	}
	old, err := filepath.Glob(filepath.Join(root, "schema", "*.json"))
	if err != nil {
		return err
	}
	for _, path := range old {
		if _, ok := files["schema/"+filepath.Base(path)]; !ok {
			if err := os.Remove(path); err != nil {
				return err
			}
		}
	}
	for path, text := range files {
		if err := os.WriteFile(filepath.Join(root, path), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// generate returns the generated files by their paths from the root of the
// module.
func generate(root string, declare declaration) (map[string][]byte, error) {
	comments, err := readComments(root)
	if err != nil {
		return nil, err
	}
	all := declare(methods.New(nil, nil, methods.Defaults{}, nil))
	schemas := schemasOf(all, comments)
	description, err := describe(all, schemas, comments)
	if err != nil {
		return nil, err
	}
	if err := inScratch(func() error { return complete(description, declare, schemas) }); err != nil {
		return nil, err
	}
	schemas["openrpc.json"] = encode(description)
	files, err := withVersion(root)
	if err != nil {
		return nil, err
	}
	for name, text := range schemas {
		files["schema/"+name] = text
	}
	if err := withTables(files, root, all, description.Notifications, comments); err != nil {
		return nil, err
	}
	return files, forClients(files, root, all, comments)
}

// forClients adds the files of the client libraries.
func forClients(files map[string][]byte, root string, all []rpc.Method, comments map[string]string) (err error) {
	const inPython, inNode = "clients/python/src/codex_rpc/", "clients/node/"
	given, returned := declaredIn(all, comments)
	declared := maps.Clone(given)
	maps.Copy(declared, returned)
	known := slices.Sorted(maps.Keys(declared))
	for _, name := range known {
		if described(declared[name]) == "" {
			return fmt.Errorf("%s has no doc comment", name)
		}
	}
	if files[inPython+"_declared.py"], err = python(all, comments, known); err != nil {
		return err
	}
	special, err := os.ReadFile(filepath.Join(root, inPython+"_special.py"))
	if err != nil {
		return err
	}
	files[inPython+"_async_special.py"] = asynchronous(string(special))
	for _, f := range []face{threads, tasks} {
		files[inPython+"_"+f.Module+"resources.py"] = pythonSurface(f, all, comments, known, string(special))
	}
	if files[inNode+"types/declared.d.ts"], err = typescript(all, comments, known); err != nil {
		return err
	}
	files[inNode+"src/resources.js"], files[inNode+"types/resources.d.ts"] = nodeSurface(all, comments)
	files[inNode+"src/methods.js"] = nodeOptions(all)
	files[inNode+"types/vocabulary.d.ts"] = typescriptVocabulary(declared)
	files[inPython+"types.pyi"], files[inPython+"types.py"] = pythonVocabulary(returned, given)
	files[inPython+"_vocabulary.py"] = pythonOptional(declared)
	files[inPython+"_error_types.py"], files[inNode+"src/error-types.js"], err = errorTables(methods.ErrorKinds())
	return err
}
