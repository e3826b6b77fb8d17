package cli

import "testing"

func TestShellWordsAreQuotedWhereTheyNeedIt(t *testing.T) {
	for path, want := range map[string]string{
		"/var/lib/seisbatch/demo": "/var/lib/seisbatch/demo",
		"/home/ana b/it's":        `'/home/ana b/it'\''s'`,
		"/a$b":                    "'/a$b'",
		"":                        "''",
	} {
		if got := shellWord(path); got != want {
			t.Errorf("%q is %s, want %s", path, got, want)
		}
	}
}
