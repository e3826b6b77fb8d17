package cli

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/dbtest"
	"github.com/seisbatch/seisbatch/waveform/recipe"
)

func TestAnAddressThatIsTakenEndsAVerbBeforeItBegins(t *testing.T) {
	clearEnvironment(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	const noDatabase = "postgres://nobody@127.0.0.1:1/none"
	for _, verb := range []string{"run", "retry --code no_data", "load waveforms ."} {
		args := append(strings.Fields(verb), "--db", noDatabase, "--metrics-listen", l.Addr().String())
		if status, out, said := execute(args...); status != exitUsage || out != "" || !strings.Contains(said, "give another address") {
			t.Errorf("%s: status %d, %q, %q", verb, status, out, said)
		}
	}
}

// metricsAddress finds the address in the log.
func metricsAddress(log string) string {
	for line := range strings.Lines(log) {
		var record struct{ Msg, Address string }
		if json.Unmarshal([]byte(line), &record) == nil && record.Msg == "metrics are served" {
			return record.Address
		}
	}
	return ""
}

// The run waits for the lock, and is looked at while it does.
func TestMetricsAreServedForAsLongAsAVerbWorks(t *testing.T) {
	clearEnvironment(t)
	dsn := dbtest.DSN(t)
	lock, err := db.TryLock(t.Context(), dbtest.Open(t, dsn, db.Options{}), "default", db.Shard{})
	if err != nil {
		t.Fatal(err)
	}
	var out, said bytes.Buffer
	var address, page string
	stderr := &onText{Writer: &said, text: "waiting", call: func() {
		address = metricsAddress(said.String())
		page = get(t, "http://"+address+"/metrics")
		if err := lock.Release(); err != nil {
			t.Error(err)
		}
	}}
	status := Execute(recipe.Language{}, nil, []string{"run", "--wait", "--db", dsn, "--metrics-listen", "127.0.0.1:0"}, strings.NewReader(""), &out, stderr)
	if status != exitDone || !strings.Contains(page, `seisbatch_build_info{goversion="`) || !strings.Contains(page, "\ngo_goroutines ") {
		t.Fatalf("status %d, %q, %q, %q", status, out.String(), said.String(), page)
	}
	if c, err := net.Dial("tcp", address); err == nil {
		c.Close()
		t.Errorf("%s is open after the end", address)
	}
}

// get may be called from another goroutine than the test's.
func get(t *testing.T, url string) string {
	answer, err := http.Get(url)
	if err != nil {
		t.Error(err)
		return ""
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Error(err)
	}
	return string(body)
}
