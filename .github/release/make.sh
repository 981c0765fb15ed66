#!/bin/sh
# Makes the release of the tag that is checked out, in dist/, and publishes it
# unless told --skip=publish. Flags are those of goreleaser.
exec go run github.com/goreleaser/goreleaser/v2@v2.15.1 release --clean "$@"
