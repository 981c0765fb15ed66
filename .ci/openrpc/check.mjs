// Checks the OpenRPC document with the tools of OpenRPC:
//
//   - `codex-rpc schema` prints what rpc.discover returns, which is valid by the
//     official meta-schema;
//   - the official generator makes a TypeScript client from it that compiles.
//
// The generator gets a copy in which names are identifiers. It writes the name of
// a method as a class member and that of a property in an interface, both without
// quotes, so `public responses.create` and `OpenAI-Beta?:` do not compile. Nothing
// else is changed.
//
// It installs its tools in a temporary directory.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";

const root = join(import.meta.dirname, "..", "..");
const run = (command, args, options = {}) =>
  execFileSync(command, args, { encoding: "utf8", maxBuffer: 1 << 26, stdio: ["pipe", "pipe", "inherit"], ...options });

function install(directory, ...packages) {
  run("npm", ["install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--legacy-peer-deps", ...packages], { cwd: directory });
}

function discovered() {
  const request = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "rpc.discover" });
  const answer = run("go", ["run", "./cmd/codex-rpc", "--mock"], { cwd: root, input: request + "\n" });
  return JSON.parse(answer).result;
}

function validate(document, require) {
  const Ajv = require("ajv").default;
  const ajv = new Ajv({ strict: false, validateFormats: false });
  ajv.addSchema(require("@json-schema-tools/meta-schema").default, "https://meta.json-schema.tools");
  // Its $schema is its own address, which ajv would treat as a dialect.
  const { $schema, ...meta } = require("@open-rpc/meta-schema").default;
  if (!ajv.validate(meta, document)) {
    throw new Error("the document does not fit the meta-schema: " + ajv.errorsText(null, { separator: "\n" }));
  }
}

// withIdentifiers returns a copy of a document for the generator.
function withIdentifiers(document) {
  const quoted = (value) => {
    if (Array.isArray(value)) return value.map(quoted);
    if (value === null || typeof value !== "object") return value;
    const members = Object.entries(value).map(([key, member]) => [key, quoted(member)]);
    const copy = Object.fromEntries(members);
    if (copy.properties !== null && typeof copy.properties === "object") {
      const properties = Object.entries(copy.properties);
      copy.properties = Object.fromEntries(properties.map(([key, p]) => [/^\w+$/.test(key) ? key : JSON.stringify(key), p]));
    }
    return copy;
  };
  const methods = document.methods.map((m) => ({ ...m, name: m.name.replaceAll(".", "_") }));
  return quoted({ ...document, methods });
}

function compileClient(document, directory) {
  const copy = join(directory, "copy.json");
  writeFileSync(copy, JSON.stringify(withIdentifiers(document)));
  const generator = join(directory, "node_modules", ".bin", "open-rpc-generator");
  // Its messages are about `"type": [...]`, which it treats as a oneOf.
  run(generator, ["generate", "-t", "client", "-l", "typescript", "-n", "client", "-d", copy, "-o", directory], { stdio: ["ignore", "ignore", "ignore"] });
  const client = join(directory, "client", "typescript");
  // The client requires a TypeScript that is too old for the types of its
  // libraries.
  install(client, "typescript@5.9.3");
  try {
    run(join(client, "node_modules", ".bin", "tsc"), ["--noEmit", "--skipLibCheck"], { cwd: client });
  } catch (error) {
    throw new Error("the generated client does not compile:\n" + error.stdout);
  }
  return readFileSync(join(client, "src", "index.ts"), "utf8").match(/^ {2}public \w+: \w+ = /gm).length;
}

const directory = mkdtempSync(join(tmpdir(), "codex-rpc-openrpc-"));
try {
  writeFileSync(join(directory, "package.json"), '{"private": true}');
  install(directory, "@open-rpc/meta-schema@1.14.9", "@open-rpc/generator@1.22.3", "@json-schema-tools/meta-schema@1.8.0", "ajv@8.20.0");
  const document = JSON.parse(run("go", ["run", "./cmd/codex-rpc", "schema"], { cwd: root }));
  if (!isDeepStrictEqual(document, discovered())) {
    throw new Error("rpc.discover returns another document than schema prints");
  }
  validate(document, createRequire(join(directory, "package.json")));
  const methods = compileClient(document, directory);
  if (methods !== document.methods.length) {
    throw new Error(`the generated client has ${methods} methods of ${document.methods.length}`);
  }
  console.log(`OpenRPC ${document.openrpc}: valid; a generated client with ${methods} methods compiles`);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
