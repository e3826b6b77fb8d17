package agree

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// Shared is the path of a file or folder among the recordings and published results
// in the folder shared/data beside the repository. Where that is absent the test is skipped
// and says so; in CI (CI=true) it fails.
func Shared(t testing.TB, name string) string {
	t.Helper()
	_, file, _, _ := runtime.Caller(0)
	path := filepath.Join(filepath.Dir(file), "..", "..", "..", "..", "shared", "data", filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("recordings are missing: %v", err)
		}
		t.Skipf("no recordings beside the repository: %v", err)
	}
	return path
}

// Golden decodes the JSON file of that name in the package's testdata.
func Golden(t testing.TB, name string, into any) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatalf("testdata/%s: %v", name, err)
	}
}
