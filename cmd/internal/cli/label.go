package cli

import (
	"context"
	"encoding/hex"
	"os"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform/recipe"
)

func (a *app) labelCommand() *cobra.Command {
	return a.group("label", "Make and delete result sets; 'seisbatch labels' lists them", a.labelCreateCommand(), a.labelDeleteCommand())
}

func (a *app) labelCreateCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "create NAME", Short: "Make a result set with a recipe", Args: arguments(cobra.ExactArgs(1)), ValidArgsFunction: cobra.NoFileCompletions,
		Long: "Make a result set (label) that keeps the recipe of --recipe, or the default one; nothing is computed.\n" +
			"'seisbatch plan --label NAME' tells what it needs, 'seisbatch run --label NAME' computes it. A label\n" +
			"that is there with the same recipe is left as it is; one with another recipe is an error.",
	}
	cmd.Flags().String(keyRecipe, "", "recipe `FILE` (default: the default recipe)")
	cmd.RunE = a.verb(func(ctx context.Context, _ *cobra.Command, args []string) error {
		l, err := a.newLabel(args[0])
		if err != nil {
			return err
		}
		return a.withDatabase(ctx, func(pool *database) error {
			made, err := job.CreateLabel(ctx, pool, l)
			if err != nil {
				return err
			}
			if !made {
				err = a.sameRecipe(ctx, pool, l)
			}
			switch {
			case err != nil:
				return err
			case a.json:
				return a.printJSON(struct {
					Label      string `json:"label"`
					RecipeHash string `json:"recipe_hash"`
					Created    bool   `json:"created"`
				}{l.Name, hex.EncodeToString(l.RecipeHash), made})
			case !made:
				return a.say("label %q is there already, with this recipe", l.Name)
			}
			return a.say("label %q is made: 'seisbatch run%s' computes it", l.Name, labelOption(l.Name))
		})
	})
	return cmd
}

// newLabel is a label of a name with the recipe of the settings.
func (a *app) newLabel(name string) (db.Label, error) {
	if name == "" || strings.HasPrefix(name, "-") || strings.ContainsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }) {
		return db.Label{}, usagef("label %q: want a name without blanks, such as routine", name)
	}
	from, text := "default", []byte(recipe.DefaultText())
	if path := a.settings.text(keyRecipe); path != "" {
		var err error
		if text, err = os.ReadFile(path); err != nil {
			return db.Label{}, usagef("recipe: %w", err)
		}
		from = path
	}
	r, err := a.words.Parse(from, text)
	if err != nil {
		return db.Label{}, err
	}
	hash := r.Hash()
	return db.Label{Name: name, Recipe: string(text), RecipeHash: hash[:]}, nil
}

// sameRecipe returns a usageError if the label of that name has another recipe.
func (a *app) sameRecipe(ctx context.Context, pool *database, l db.Label) error {
	known, err := db.FindLabel(ctx, pool, l.Name)
	if err != nil || string(known.RecipeHash) == string(l.RecipeHash) {
		return err
	}
	return usagef("label %q is there with another recipe ('seisbatch config --recipe --label %s' prints it): take another name; "+
		"or run with --label %s --recipe FILE, which computes all of it anew", l.Name, l.Name, l.Name)
}

func (a *app) labelDeleteCommand() *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use: "delete NAME", Short: "Delete a result set with all it holds", Args: arguments(cobra.ExactArgs(1)), ValidArgsFunction: cobra.NoFileCompletions,
		Long: "Delete a result set (label) with its items, its measurements and its recipe. Without --yes it is only\n" +
			"told what that would be. The rows of its runs stay ('seisbatch runs').",
	}
	cmd.Flags().BoolVar(&yes, "yes", false, "delete it")
	cmd.RunE = a.verb(func(ctx context.Context, _ *cobra.Command, args []string) error {
		return a.withDatabase(ctx, func(pool *database) error {
			if err := checkLabel(ctx, pool, args[0]); err != nil {
				return err
			}
			o := job.ResetOptions{Label: args[0], DryRun: true}
			if !yes {
				r, err := a.forget(ctx, pool, o)
				if err != nil {
					return err
				}
				if r.Interrupted {
					return errInterrupted
				}
				return a.printReset(r, "Nothing was changed: --yes deletes all of it, and the label with its recipe")
			}
			p := a.newProgress("deleting", "items")
			defer p.finish()
			o.Progress, o.Stop = p.update, a.interrupts.drain("the items that are being deleted")
			r, err := job.DeleteLabel(ctx, pool, args[0], o)
			if err != nil {
				return err
			}
			if r.Interrupted {
				return a.endReset(r, "The label and its other items are as they were")
			}
			return a.endReset(r, "The label is deleted; its runs are still listed by 'seisbatch runs'")
		})
	})
	return cmd
}
