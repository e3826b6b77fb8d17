package db

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
)

// batchRows is how many rows one INSERT carries: beyond a thousand or two nothing
// is gained.
const batchRows = 1000

// insert writes rows, structs with a db tag on every column, in as few statements
// as batchRows allows. Every column travels as one text array and is cast in the
// SELECT, so that a column may itself hold arrays. tail follows the SELECT: an ON
// CONFLICT clause or nothing. Sort rows by key where others may insert the same ones.
func insert[T any](ctx context.Context, tx *sqlx.Tx, table string, rows []T, tail string) error {
	fields := columnsOf(reflect.TypeFor[T]())
	var names, casts, arrays []string
	for i, f := range fields {
		names = append(names, f.name)
		casts = append(casts, "u."+f.name+"::"+f.sqlType)
		arrays = append(arrays, fmt.Sprintf("$%d::text[]", i+1))
	}
	list := strings.Join(names, ", ")
	statement := fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM unnest(%s) AS u (%s) %s",
		table, list, strings.Join(casts, ", "), strings.Join(arrays, ", "), list, tail)
	for len(rows) > 0 {
		n := min(len(rows), batchRows)
		args := make([]any, len(fields))
		for i, f := range fields {
			args[i] = column(rows[:n], f.index)
		}
		if _, err := tx.ExecContext(ctx, statement, args...); err != nil {
			return fmt.Errorf("writing %d rows of %s: %w", n, table, err)
		}
		rows = rows[n:]
	}
	return nil
}

// updateAll is the ON CONFLICT clause that replaces every column but the keys.
func updateAll[T any](keys ...string) string {
	var set []string
	for _, f := range columnsOf(reflect.TypeFor[T]()) {
		if !slices.Contains(keys, f.name) {
			set = append(set, f.name+" = EXCLUDED."+f.name)
		}
	}
	return fmt.Sprintf("ON CONFLICT (%s) DO UPDATE SET %s", strings.Join(keys, ", "), strings.Join(set, ", "))
}

type tableColumn struct {
	name, sqlType string
	index         []int
}

// columnsOf lists the columns of a row type, those of embedded structs included.
// Fields tagged "-" or marked generated are not written.
func columnsOf(t reflect.Type) []tableColumn {
	var out []tableColumn
	for _, f := range reflect.VisibleFields(t) {
		name := f.Tag.Get("db")
		if f.Anonymous || name == "-" || name == "" || f.Tag.Get("insert") == "no" {
			continue
		}
		out = append(out, tableColumn{name, sqlType(f.Type), f.Index})
	}
	return out
}

// sqlType is the PostgreSQL type of a Go type used in rows.
func sqlType(t reflect.Type) string {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t {
	case reflect.TypeFor[time.Time](), reflect.TypeFor[From](), reflect.TypeFor[Until]():
		return "timestamptz"
	case reflect.TypeFor[[]byte]():
		return "bytea"
	case reflect.TypeFor[json.RawMessage]():
		return "json"
	case reflect.TypeFor[Floats]():
		return "double precision[]"
	case reflect.TypeFor[Ints]():
		return "bigint[]"
	case reflect.TypeFor[Texts]():
		return "text[]"
	}
	switch t.Kind() {
	case reflect.String:
		return "text"
	case reflect.Int, reflect.Int64:
		return "bigint"
	case reflect.Float64:
		return "double precision"
	case reflect.Bool:
		return "boolean"
	}
	panic("db: no SQL type for " + t.String())
}

// column writes one field of all rows as the literal of a text array.
func column[T any](rows []T, index []int) string {
	b := append(make([]byte, 0, 16*len(rows)), '{')
	for i := range rows {
		if i > 0 {
			b = append(b, ',')
		}
		if s, ok := textOf(reflect.ValueOf(&rows[i]).Elem().FieldByIndex(index)); ok {
			b = appendText(b, s)
		} else {
			b = append(b, "NULL"...)
		}
	}
	return string(append(b, '}'))
}

// textOf is the text of a value as PostgreSQL reads it; false is NULL. A NaN is
// NULL: a number that is not known.
func textOf(v reflect.Value) (string, bool) {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return "", false
		}
		v = v.Elem()
	}
	switch x := v.Interface().(type) {
	case time.Time:
		return timestamp(x), true
	case From:
		return x.text(), true
	case Until:
		return x.text(), true
	case []byte:
		return `\x` + hex.EncodeToString(x), x != nil
	case json.RawMessage:
		return string(x), x != nil
	case Floats:
		return FloatArrayLiteral(x), x != nil
	case Ints:
		return Int64ArrayLiteral(x), x != nil
	case Texts:
		return TextArrayLiteral(x), true
	}
	switch v.Kind() {
	case reflect.String:
		return v.String(), true
	case reflect.Int, reflect.Int64:
		return strconv.FormatInt(v.Int(), 10), true
	case reflect.Float64:
		return string(appendFloat(nil, v.Float())), !math.IsNaN(v.Float())
	case reflect.Bool:
		return strconv.FormatBool(v.Bool()), true
	}
	panic("db: no text for " + v.Type().String())
}
