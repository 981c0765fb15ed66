#!/bin/sh
# Builds the release of the checked out tag in dist/, and publishes it unless
# --skip=publish is given. Takes the flags of goreleaser.
exec go run github.com/goreleaser/goreleaser/v2@v2.15.1 release --clean "$@"
