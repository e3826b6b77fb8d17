// Package migrations holds the numbered SQL files of the database schema. It has
// no logic: package db applies them.
package migrations

import "embed"

// FS holds the migrations as NNNNN_name.sql, in goose's format.
//
//go:embed *.sql
var FS embed.FS
