package db_test

import (
	"testing"

	"github.com/seisbatch/seisbatch/db"
)

func TestPartsAreReadAndWritten(t *testing.T) {
	if s, err := db.ParseShard("2/3"); err != nil || s != (db.Shard{Index: 2, Count: 3}) || s.String() != "2/3" {
		t.Errorf("%v, %v", s, err)
	}
	for _, text := range []string{"", "2", "0/3", "4/3", "-1/3", "1/0", "a/3", "1/3/5", "1/ 3", "0/0"} {
		if s, err := db.ParseShard(text); err == nil {
			t.Errorf("%q is %v", text, s)
		}
	}
	for _, s := range []db.Shard{{}, {Index: 12, Count: 40}} {
		var back db.Shard
		if v, err := s.Value(); err != nil || back.Scan(v) != nil || back != s {
			t.Errorf("%v comes back as %v, %v", s, back, err)
		}
	}
	if err := new(db.Shard).Scan(5); err == nil {
		t.Error("a number was taken for a part")
	}
}
