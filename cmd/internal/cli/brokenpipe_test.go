package cli

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/recipe"
)

func TestResultsThatNobodyReadsAreAQuietEnd(t *testing.T) {
	clearEnvironment(t)
	in, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	status := Execute(recipe.Language{}, nil, []string{"config"}, strings.NewReader(""), out, &said)
	if status != exitDone || said.Len() > 0 {
		t.Errorf("status %d, %q", status, said.String())
	}
}
