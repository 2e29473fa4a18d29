//go:build tools

// Package tools names what go.mod pins, so that `go mod tidy` keeps it.
package tools

import (
	_ "github.com/coredns/coredns"
)
