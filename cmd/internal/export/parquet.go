package export

import (
	"encoding/json"
	"io"
	"time"

	"github.com/parquet-go/parquet-go"
)

// rowGroup is how many rows a group of a Parquet file has at most, which are held in memory.
const rowGroup = 10_000

// Parquet writes a table. Numbers are doubles, times are timestamps in microseconds, UTC, flags lists of
// strings, extra JSON; what there is none of is null. The file's metadata have seisbatch.version,
// seisbatch.label, seisbatch.recipe_hash, and seisbatch.units, a JSON object of the units of columns by name.
func Parquet(w io.Writer, h *Header, rows Rows) error {
	columns := columnsOf(h)
	units := map[string]string{}
	for _, c := range columns {
		if c.unit != "" {
			units[c.name] = c.unit
		}
	}
	text, err := json.Marshal(units)
	if err != nil {
		return err
	}
	out := parquet.NewWriter(w, parquet.NewSchema("measurement", newTable(columns)), parquet.Compression(&parquet.Zstd),
		parquet.MaxRowsPerRowGroup(rowGroup), parquet.CreatedBy("seisbatch", h.Version, ""),
		parquet.KeyValueMetadata("seisbatch.version", h.Version), parquet.KeyValueMetadata("seisbatch.label", h.Label),
		parquet.KeyValueMetadata("seisbatch.recipe_hash", h.RecipeHash), parquet.KeyValueMetadata("seisbatch.units", string(text)))
	one := make([]parquet.Row, 1)
	for r, err := range rows {
		if err != nil {
			return err
		}
		one[0] = one[0][:0]
		for i, c := range columns {
			one[0] = appendCell(one[0], i, c.cell(r))
		}
		if _, err := out.WriteRows(one); err != nil {
			return err
		}
	}
	return out.Close()
}

// appendCell appends the values of a cell. A list has one for each element, or one null.
func appendCell(row parquet.Row, column int, cell any) parquet.Row {
	const (
		optional = 1 // definition level of a value of an optional column
		element  = 1 // of an element of a list that is required
	)
	value := parquet.NullValue()
	switch v := cell.(type) {
	case float64:
		value = parquet.DoubleValue(v)
	case int64:
		value = parquet.Int64Value(v)
	case time.Time:
		value = parquet.Int64Value(v.UnixMicro())
	case string:
		value = parquet.ByteArrayValue([]byte(v))
	case json.RawMessage:
		value = parquet.ByteArrayValue(v)
	case []string:
		for i, s := range v {
			row = append(row, parquet.ByteArrayValue([]byte(s)).Level(min(i, 1), element, column))
		}
		if len(v) > 0 {
			return row
		}
	}
	if value.IsNull() {
		return append(row, value.Level(0, 0, column))
	}
	return append(row, value.Level(0, optional, column))
}

// table is the root of a schema whose columns keep their order, which those of a
// parquet.Group do not.
type table struct {
	parquet.Group
	fields []parquet.Field
}

func newTable(columns []column) table {
	t := table{Group: parquet.Group{}}
	for _, c := range columns {
		t.Group[c.name] = nodeOf(c.kind)
	}
	byName := map[string]parquet.Field{}
	for _, f := range t.Group.Fields() {
		byName[f.Name()] = f
	}
	for _, c := range columns {
		t.fields = append(t.fields, byName[c.name])
	}
	return t
}

func (t table) Fields() []parquet.Field { return t.fields }

func nodeOf(k kind) parquet.Node {
	switch k {
	case number:
		return parquet.Optional(parquet.Leaf(parquet.DoubleType))
	case whole:
		return parquet.Optional(parquet.Int(64))
	case instant:
		return parquet.Optional(parquet.Timestamp(parquet.Microsecond))
	case list:
		return parquet.List(parquet.String())
	case object:
		return parquet.Optional(parquet.JSON())
	}
	return parquet.Optional(parquet.String())
}
