package cli

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
)

func TestTableAlignsItsColumns(t *testing.T) {
	x := table{header: []string{"name", ">value", "what"}}
	x.add("é", "1", "a\n b")
	x.add("long", "12345678", "")
	var b strings.Builder
	if err := x.write(&b); err != nil {
		t.Fatal(err)
	}
	want := "name     value  what\n" +
		"é            1  a b\n" +
		"long  12345678  -\n"
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
}

func TestNumbersThatJSONCannotHoldAreNull(t *testing.T) {
	got, err := json.Marshal([]number{1.5, number(math.NaN()), number(math.Inf(-1)), -3})
	if err != nil || string(got) != "[1.5,null,null,-3]" {
		t.Errorf("%s, %v", got, err)
	}
}

func TestBytesAreWrittenForPeople(t *testing.T) {
	for n, want := range map[int64]string{0: "0 B", 999: "999 B", 1000: "1.0 kB", 1234567: "1.2 MB", 3 << 50: "3.4 PB"} {
		if got := bytesText(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}

func TestPictureNameIsAFileName(t *testing.T) {
	for _, c := range [][4]string{
		{"nc73291880", "NC.CRH", "", "nc73291880-NC.CRH.svg"},
		{"quakeml:nc.anss.org/Event/NC/73291880", "CRH", "HN", "73291880-CRH-HN.svg"},
		{"a", "../x*", "", "a-.._x_.svg"},
	} {
		if got := pictureName(c[0], c[1], c[2]); got != c[3] {
			t.Errorf("%q, want %q", got, c[3])
		}
	}
}
