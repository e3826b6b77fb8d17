package cli

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
)

var update = flag.Bool("update", false, "write the page of failure codes")

const failurePage = "../../failures.md"

func TestPageOfFailureCodesIsWhatTheProgramSays(t *testing.T) {
	var want bytes.Buffer
	explainPage(&want, job.Explanations())
	if *update {
		if err := os.WriteFile(failurePage, want.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(failurePage)
	if err != nil || !bytes.Equal(got, want.Bytes()) {
		t.Errorf("cmd/failures.md is not made of the texts in the program (%v): go test ./cmd/internal/cli -run TestPageOfFailureCodes -update", err)
	}
}

func TestEveryCodeIsExplainedToPeopleAndScripts(t *testing.T) {
	clearEnvironment(t)
	status, text, said := execute("failures", "--explain", "all")
	if status != exitDone || said != "" {
		t.Fatal(status, said)
	}
	_, lines, _ := execute("failures", "--explain", "all", "--json")
	for _, e := range job.Explanations() {
		if !strings.Contains(text, "\n"+e.Code+", of ") && !strings.HasPrefix(text, e.Code+", of ") {
			t.Errorf("%s is not explained", e.Code)
		}
		status, one, _ := execute("failures", "--explain", e.Code, "--json")
		if status != exitDone || !strings.Contains(lines, one) || !strings.Contains(one, `"code":"`+e.Code+`","of":"`) {
			t.Errorf("%s: status %d, %s", e.Code, status, one)
		}
		if n := strings.Count(one, "\n"); (n == 2) != (e.Code == "bad_record" || e.Code == "file_missing" || e.Code == "unreadable_file") {
			t.Errorf("%s: %d explanations", e.Code, n)
		}
	}
	if status, _, said := execute("failures", "--explain", "rain"); status != exitUsage || !strings.Contains(said, "want all, or one of bad_metadata, bad_record, ") {
		t.Errorf("no such code: status %d, %s", status, said)
	}
}
