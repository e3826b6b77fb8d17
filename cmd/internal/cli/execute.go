package cli

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/spf13/cobra"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
	"github.com/seisbatch/seisbatch/waveform/recipe"
)

// app is one start of the program.
type app struct {
	words      recipe.Language // of recipes
	in         io.Reader
	out        *bufio.Writer // stdout, flushed at the end; a write error is kept until then
	screen     *screen       // stderr
	interrupts *interrupts

	// Set before a verb runs, by [app.verb].
	settings settings
	name     string // of the verb, as the database's other users see it
	log      *slog.Logger
	last     io.Writer  // of last words; nil is the screen
	json     bool       // results as JSON lines
	quiet    bool       // warnings and errors only, no progress
	watch    *job.Watch // of what the verb does, nil without metrics: see [app.measured]

	session *session // the one opened last; nil before
}

// Execute runs the program with the arguments that follow its name and returns
// its exit status. The first signal drains what runs, where it can be drained;
// the second ends it. signals may be nil. Recipes may use the words.
func Execute(words recipe.Language, signals <-chan os.Signal, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	defer surviveBrokenPipes()()
	a := &app{words: words, in: stdin, out: bufio.NewWriter(results{stdout}), screen: newScreen(stderr)}
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	a.interrupts = &interrupts{stop: make(chan struct{}), cancel: cancel, to: a.screen}
	go a.interrupts.watch(ctx, signals)

	root := a.rootCommand()
	root.SetArgs(append([]string{}, args...)) // nil would mean those of the process
	root.SetIn(stdin)
	root.SetOut(a.out)
	root.SetErr(a.screen)
	cmd, err := root.ExecuteContextC(ctx)
	if errFlush := a.out.Flush(); errFlush != nil && err == nil {
		err = fmt.Errorf("writing results: %w", errFlush)
	}
	status := exitStatus(ctx, err)
	a.report(ctx, cmd, err, status)
	return status
}

// report says why the program ends as it does.
func (a *app) report(ctx context.Context, cmd *cobra.Command, err error, status int) {
	if err == nil || status == exitDone {
		return
	}
	to := a.lastWords()
	var usage *usageError
	switch {
	case status == exitInterrupted:
		fmt.Fprintln(to, "seisbatch: interrupted")
	case errors.As(err, &usage) && usage.syntax:
		fmt.Fprintf(to, "seisbatch: %v\nSee '%s --help'.\n", err, cmd.CommandPath())
	default:
		fmt.Fprintf(to, "seisbatch: %v\n", err)
	}
	if status == exitFailed {
		if hint := cmp.Or(a.statementAdvice(ctx, err), advice(err, a.serverDiskFull())); hint != "" {
			fmt.Fprintf(to, "seisbatch: %s\n", hint)
		}
	}
}
