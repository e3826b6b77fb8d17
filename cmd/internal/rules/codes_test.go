package rules

import (
	"go/ast"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
)

const (
	recipeDir = "../../../waveform/recipe"
	jobDir    = "../job"
)

// Codes are constants, of items with the type recipe.Code, of files with a name that begins
// with code, in package job: so that none is without a text for people.
func TestEveryFailureCodeHasMeaningCauseAndRemedy(t *testing.T) {
	explained := map[string]job.Explanation{}
	for _, e := range job.Explanations() {
		explained[e.Of+" "+e.Code] = e
	}
	codes := map[string]string{} // of what, and the code; where
	for _, dir := range append(folders(t, "../../../waveform"), append(folders(t, ".."), "../../../db", "../../program")...) {
		files, _ := parse(t, dir)
		for _, f := range files {
			for what, where := range codesOf(t, dir, f) {
				codes[what] = where
			}
		}
	}
	if len(codes) < 25 {
		t.Errorf("found only %d codes", len(codes))
	}
	for what, where := range codes {
		e, ok := explained[what]
		switch {
		case !ok:
			t.Errorf("%s: no text explains the code of %s: recipe/explain.go and job/explain.go have the others", where, what)
		case e.Meaning == "" || e.Cause == "" || e.Remedy == "" || e.Outcome == "" || e.Again == "":
			t.Errorf("%s: of the code of %s, meaning, cause or remedy is missing: %+v", where, what, e)
		}
		delete(explained, what)
	}
	for what := range explained {
		t.Errorf("the code of %s is explained, and is nowhere", what)
	}
}

// codesOf finds the constants of a file that are codes.
func codesOf(t *testing.T, dir string, f *ast.File) map[string]string {
	codes := map[string]string{}
	for _, d := range f.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.CONST {
			continue
		}
		for _, s := range g.Specs {
			spec := s.(*ast.ValueSpec)
			for i, name := range spec.Names {
				of := codeOf(dir, name.Name, spec.Type)
				if of == "" {
					continue
				}
				if i >= len(spec.Values) {
					t.Errorf("%s.%s has no value of its own", dir, name.Name)
					continue
				}
				value, ok := spec.Values[i].(*ast.BasicLit)
				if !ok {
					t.Errorf("%s.%s is no literal", dir, name.Name)
					continue
				}
				text, err := strconv.Unquote(value.Value)
				if err != nil {
					t.Error(err)
				}
				codes[of+" "+text] = dir + "." + name.Name
			}
		}
	}
	return codes
}

// codeOf says of what a constant is the code: item, file or, "", of nothing.
func codeOf(dir, name string, typ ast.Expr) string {
	switch x := typ.(type) {
	case *ast.Ident:
		if x.Name == "Code" && filepath.Clean(dir) == filepath.Clean(recipeDir) {
			return "item"
		}
	case *ast.SelectorExpr:
		if from, ok := x.X.(*ast.Ident); ok && from.Name == "recipe" && x.Sel.Name == "Code" {
			return "item"
		}
	case nil:
		if rest, ok := strings.CutPrefix(name, "code"); ok && rest != "" && rest[:1] == strings.ToUpper(rest[:1]) && filepath.Clean(dir) == filepath.Clean(jobDir) {
			return "file"
		}
	}
	return ""
}

// Where a failure is made, its code is one of the constants.
func TestNoFailureHasACodeWithoutAName(t *testing.T) {
	made := 0
	for _, dir := range []string{recipeDir, jobDir} {
		files, _ := parse(t, dir)
		for _, f := range files {
			ast.Inspect(f, func(n ast.Node) bool {
				code := codeMade(n)
				if code == nil {
					return true
				}
				made++
				if lit, ok := code.(*ast.BasicLit); ok && lit.Value != `""` {
					t.Errorf("%s: the code %s has no constant", dir, lit.Value)
				}
				return true
			})
		}
	}
	if made < 25 {
		t.Errorf("found only %d places that make failures", made)
	}
}

// codeMade is the expression of the code in a Failure{Code: x}, in failf(x, ...), or in the
// row(format, x, message) of a file; nil of any other node.
func codeMade(n ast.Node) ast.Expr {
	switch x := n.(type) {
	case *ast.KeyValueExpr:
		if key, ok := x.Key.(*ast.Ident); ok && key.Name == "Code" {
			return x.Value
		}
	case *ast.CallExpr:
		const ofFile = 3 // arguments
		switch f := x.Fun.(type) {
		case *ast.Ident:
			if f.Name == "failf" && len(x.Args) > 1 {
				return x.Args[0]
			}
		case *ast.SelectorExpr:
			if f.Sel.Name == "row" && len(x.Args) == ofFile {
				return x.Args[1]
			}
		}
	}
	return nil
}
