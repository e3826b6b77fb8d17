package export

import (
	"bytes"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
)

func TestParquetHasTypesUnitsAndTheOrderOfColumns(t *testing.T) {
	full, none := row(event("e"), "S", "Z"), empty(event("f"))
	text := written(t, Parquet, header(SI), full, none)
	f, err := parquet.OpenFile(bytes.NewReader([]byte(text)), int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	names, _ := cells(t, written(t, CSV, header(SI), full))
	for i, field := range f.Schema().Fields() {
		if i >= len(names) || field.Name() != names[i] {
			t.Fatalf("column %d is %s", i, field.Name())
		}
	}
	for key, want := range map[string]string{"seisbatch.version": "v1.2.3", "seisbatch.label": "trial", "seisbatch.recipe_hash": "abcd"} {
		if got, _ := f.Lookup(key); got != want {
			t.Errorf("%s: %q", key, got)
		}
	}
	if units, _ := f.Lookup("seisbatch.units"); !strings.Contains(units, `"pga_m_s2":"m/s^2"`) {
		t.Errorf("units: %s", units)
	}
	type record struct {
		Event  string   `parquet:"event_id"`
		Time   *int64   `parquet:"event_time,optional,timestamp(microsecond)"`
		PGA    *float64 `parquet:"pga_m_s2,optional"`
		Flags  []string `parquet:"flags,list"`
		Extra  *string  `parquet:"extra,optional"`
		Run    *int64   `parquet:"run_id,optional"`
		Source *string  `parquet:"time_source,optional"`
	}
	records := make([]record, 3)
	n, _ := parquet.NewGenericReader[record](f).Read(records)
	if n != 2 {
		t.Fatalf("%d rows", n)
	}
	a, b := records[0], records[1]
	if a.Event != "e" || *a.Time != noon.UnixMicro() || *a.PGA != 9 || strings.Join(a.Flags, " ") != "clipped short_pad" || *a.Extra != string(full.Extra) || *a.Run != 9 || *a.Source != "arrival" {
		t.Errorf("full row: %+v", a)
	}
	if b.Event != "f" || b.PGA != nil || len(b.Flags) != 0 || b.Extra != nil || *b.Run != 9 || b.Source != nil {
		t.Errorf("empty row: %+v", b)
	}
}

func TestParquetRowGroupsAreBounded(t *testing.T) {
	var b bytes.Buffer
	r := row(event("e"), "S", "Z")
	err := Parquet(&b, header(SI), func(yield func(*Row, error) bool) {
		for range 2*rowGroup + 1 {
			if !yield(r, nil) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	f, err := parquet.OpenFile(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for i, g := range f.RowGroups() {
		if want := []int64{rowGroup, rowGroup, 1}[i]; g.NumRows() != want {
			t.Errorf("group %d has %d rows, want %d", i, g.NumRows(), want)
		}
	}
}
