#!/bin/sh
# Writes the additional files of an archive: the manual page and the
# completions, both printed by the program. extras.sh FOLDER
set -eu
mkdir -p "$1/completions"
program=$1/codex-rpc
go build -o "$program" ./cmd/codex-rpc
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct) "$program" man >"$1/codex-rpc.1"
"$program" completion bash >"$1/completions/codex-rpc.bash"
"$program" completion zsh >"$1/completions/_codex-rpc"
"$program" completion fish >"$1/completions/codex-rpc.fish"
"$program" completion powershell >"$1/completions/codex-rpc.ps1"
