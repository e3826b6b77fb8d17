package cli

import (
	"bufio"
	"strings"
	"testing"

	"github.com/seisbatch/seisbatch/db"
)

func TestAFailureIsWhatAndWhyOnTwoLines(t *testing.T) {
	item := db.ItemKey{EventID: "smi:a/1", Network: "NC", Station: "CRH", Instrument: "HN"}
	for want, f := range map[string]db.Failure{
		"smi:a/1 at NC.CRH.--.HN: gap (window)\n    2 s are missing\n":                  {ItemKey: item, Stage: "window", Code: "gap", Message: "2 s are missing", Attempts: 1},
		"smi:a/1 at NC.CRH.--.HN: file_missing (read, tried 3 times)\n    /d/x: gone\n": {ItemKey: item, Stage: "read", Code: "file_missing", File: "/d/x", Message: "gone", Attempts: 3},
		"smi:a/1: no_origin (plan)\n    none\n":                                         {ItemKey: db.ItemKey{EventID: "smi:a/1"}, Stage: "plan", Code: "no_origin", Message: "none", Attempts: 1},
		"/d/junk: not_miniseed (load)\n    no records\n":                                {File: "/d/junk", Stage: "load", Code: "not_miniseed", Message: "no records", Attempts: 1},
		"smi:a/1 at NC.CRH.--.HN: crash (process)\n    a bug\n    main.go:1\n":          {ItemKey: item, Stage: "process", Code: "crash", Message: "a bug\nmain.go:1\n", Attempts: 1},
	} {
		var b strings.Builder
		a := &app{out: bufio.NewWriter(&b)}
		if err := a.printFailures([]db.Failure{f}, "default"); err != nil {
			t.Fatal(err)
		}
		if err := a.out.Flush(); err != nil || b.String() != want {
			t.Errorf("%q, want %q, %v", b.String(), want, err)
		}
	}
}
