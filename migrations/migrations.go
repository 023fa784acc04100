// Package migrations holds the database's schema as numbered SQL files, which
// are applied in order when the program starts.
//
// To change the schema add a file NNNN_what.sql with the next number; never
// edit one that has been released. Tables are STRICT and every column has a
// comment. Instants are INTEGER: milliseconds since 1970 in UTC; NULL means
// "not yet" or "unknown".
package migrations

import "embed"

// FS holds the SQL files.
//
//go:embed *.sql
var FS embed.FS
