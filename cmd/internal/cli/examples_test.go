package cli

import (
	"bufio"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"go.yaml.in/yaml/v3"

	"github.com/seisbatch/seisbatch/db/dbtest"
)

const examples = "../../seisbatch/examples"

// wantCommand wants a line to be a command of the program, with flags that it has.
func wantCommand(t *testing.T, words []string) {
	t.Helper()
	cmd, rest, err := (&app{}).rootCommand().Find(words[1:])
	if err == nil {
		err = cmd.ParseFlags(rest)
	}
	if err != nil || cmd.Name() != words[1] {
		t.Errorf("%v: %v", words, err)
	}
}

func TestExampleUnitsNameCommandsThatThereAre(t *testing.T) {
	found := 0
	for name, prefix := range map[string]string{"crontab": "0 3 * * *", "seisbatch-nightly.service": "ExecStart=/usr/local/bin/"} {
		f, err := os.Open(filepath.Join(examples, name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for lines := bufio.NewScanner(f); lines.Scan(); {
			if command, ok := strings.CutPrefix(lines.Text(), prefix); ok {
				wantCommand(t, strings.Fields(command))
				found++
			}
		}
	}
	var job struct {
		APIVersion, Kind string
		Spec             struct {
			ConcurrencyPolicy string `yaml:"concurrencyPolicy"`
			JobTemplate       struct {
				Spec struct {
					Template struct {
						Spec struct{ Containers []struct{ Command []string } }
					}
				}
			} `yaml:"jobTemplate"`
		}
	}
	text, err := os.ReadFile(filepath.Join(examples, "cronjob.yaml"))
	if err == nil {
		err = yaml.Unmarshal(text, &job)
	}
	containers := job.Spec.JobTemplate.Spec.Template.Spec.Containers
	if err != nil || job.Kind != "CronJob" || job.Spec.ConcurrencyPolicy != "Forbid" || len(containers) != 1 {
		t.Fatalf("%+v, %v", job, err)
	}
	wantCommand(t, containers[0].Command)
	if found != 2 {
		t.Errorf("%d commands in the units, want 2", found)
	}
}

func TestTheExampleConfigurationIsOne(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(examples, "seisbatch.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]any
	if err := yaml.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	plain, err := plainValues(all)
	if err != nil || len(plain) < 8 {
		t.Fatal(plain, err)
	}
	for _, s := range knownSettings() {
		if value, ok := plain[s.key].(string); ok && s.check != nil {
			if err := s.check(value); err != nil {
				t.Errorf("%s: %v", s.key, err)
			}
		}
	}
	if events, _ := plain[keyEvents].(string); !slices.Equal(filepath.SplitList(events), []string{"/data/quakeml", "/data/bulletins"}) {
		t.Errorf("events: %q", events)
	}
}

// The Slurm script is run as Slurm would, a task after the other.
func TestTasksOfTheSlurmExampleCoverTheEventsOnce(t *testing.T) {
	script, err := filepath.Abs(filepath.Join(examples, "slurm.sh"))
	if err != nil {
		t.Fatal(err)
	}
	p := parameters("", map[string]string{"SEISBATCH_DB": dbtest.DSN(t), "SCRIPT": script})
	p.Files = []string{"testdata/slurm.txtar"}
	testscript.Run(t, p)
}
