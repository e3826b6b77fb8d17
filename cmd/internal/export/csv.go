package export

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"time"
)

// CSV writes a table by RFC 4180, with a header, CRLF at the ends of lines, times as ISO 8601 in UTC, and what there is
// none of as an empty cell. Flags have a space between them. A text that a spreadsheet would take for a
// formula, as it begins with = + - @ or a control character, has an apostrophe before it.
func CSV(w io.Writer, h *Header, rows Rows) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	columns := columnsOf(h)
	line := make([]string, len(columns))
	for i, c := range columns {
		line[i] = c.name
	}
	if err := out.Write(line); err != nil {
		return err
	}
	for r, err := range rows {
		if err != nil {
			return err
		}
		for i := range columns {
			line[i] = csvCell(columns[i].cell(r))
		}
		if err := out.Write(line); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func csvCell(cell any) string {
	switch v := cell.(type) {
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case int64:
		return strconv.FormatInt(v, 10)
	case time.Time:
		return clock(v)
	case string:
		return harmless(v)
	case []string:
		return harmless(strings.Join(v, " "))
	case json.RawMessage:
		return harmless(string(v))
	}
	return ""
}

// harmless is a text that no spreadsheet takes for a formula.
func harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n", rune(s[0])) {
		return "'" + s
	}
	return s
}
