package export

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"strconv"
	"time"
)

// JSONLines writes one object a line, with the columns of the table in their order and null for
// what there is none of. There is no first line of another form: the names have the units.
func JSONLines(w io.Writer, h *Header, rows Rows) error {
	out := bufio.NewWriter(w)
	columns := columnsOf(h)
	names := make([][]byte, len(columns))
	for i, c := range columns {
		names[i] = append(jsonText(nil, c.name), ':')
	}
	var line []byte
	for r, err := range rows {
		if err != nil {
			return err
		}
		line = append(line[:0], '{')
		for i := range columns {
			if i > 0 {
				line = append(line, ',')
			}
			line = append(line, names[i]...)
			line = jsonCell(line, columns[i].cell(r))
		}
		if _, err := out.Write(append(line, "}\n"...)); err != nil {
			return err
		}
	}
	return out.Flush()
}

func jsonCell(b []byte, cell any) []byte {
	switch v := cell.(type) {
	case float64:
		return strconv.AppendFloat(b, v, 'g', -1, 64)
	case int64:
		return strconv.AppendInt(b, v, 10)
	case time.Time:
		return jsonText(b, clock(v))
	case string:
		return jsonText(b, v)
	case []string:
		b = append(b, '[')
		for i, s := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = jsonText(b, s)
		}
		return append(b, ']')
	case json.RawMessage:
		var compact bytes.Buffer // a line has no breaks
		if json.Compact(&compact, v) == nil {
			return append(b, compact.Bytes()...)
		}
	}
	return append(b, "null"...)
}

func jsonText(b []byte, s string) []byte {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		return append(b, "null"...) // a string can be written
	}
	return append(b, bytes.TrimSuffix(text.Bytes(), []byte{'\n'})...)
}
