package rules

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// notBenchmarked are functions of samples that need no benchmark, and why.
var notBenchmarked = map[string]string{
	"waveform/response.PolesZeros": "poles and zeros are no samples, and are only kept",
}

// TestFunctionsOfSamplesHaveBenchmarks goes by names alone: a method is covered by a
// benchmark of another type's method of the same name.
func TestFunctionsOfSamplesHaveBenchmarks(t *testing.T) {
	functions, excused := 0, maps.Clone(notBenchmarked)
	for _, dir := range folders(t, "../../../waveform") {
		code, tests := parse(t, dir)
		used := benchmarked(tests)
		path := strings.TrimPrefix(filepath.ToSlash(dir), "../../../")
		for _, f := range code {
			for _, d := range f.Decls {
				name, ok := ofSamples(d)
				if !ok {
					continue
				}
				functions++
				_, allowed := excused[path+"."+name]
				delete(excused, path+"."+name)
				if !used[name[strings.LastIndex(name, ".")+1:]] && !allowed {
					t.Errorf("%s.%s takes samples, and no Benchmark of the package uses it", path, name)
				}
			}
		}
	}
	if functions < 80 {
		t.Errorf("found only %d functions of samples", functions)
	}
	for name := range excused {
		t.Errorf("%s is excused, but is no function of samples", name)
	}
}

// folders are those below root that hold Go files, without internal packages.
func folders(t *testing.T, root string) (all []string) {
	t.Helper()
	files, err := filepath.Glob(root + "/*/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(root, "has no packages", err)
	}
	for _, f := range files {
		all = append(all, filepath.Dir(f))
	}
	return slices.Compact(all)
}

// parse reads the Go files of a folder.
func parse(t *testing.T, dir string) (code, tests []*ast.File) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, e.Name()), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(e.Name(), "_test.go") {
			tests = append(tests, f)
		} else {
			code = append(code, f)
		}
	}
	return code, tests
}

// ofSamples gives the name, with the type for a method, of an exported function that
// has a slice of samples or coefficients among its parameters.
func ofSamples(d ast.Decl) (name string, ok bool) {
	f, isFunc := d.(*ast.FuncDecl)
	if !isFunc || !f.Name.IsExported() {
		return "", false
	}
	name = f.Name.Name
	if f.Recv != nil {
		base := f.Recv.List[0].Type
		if star, ok := base.(*ast.StarExpr); ok {
			base = star.X
		}
		of, ok := base.(*ast.Ident)
		if !ok || !of.IsExported() {
			return "", false
		}
		name = of.Name + "." + name
	}
	return name, slices.ContainsFunc(f.Type.Params.List, func(p *ast.Field) bool {
		a, ok := p.Type.(*ast.ArrayType)
		if !ok || a.Len != nil {
			return false
		}
		element, ok := a.Elt.(*ast.Ident)
		return ok && slices.Contains([]string{"float64", "complex128", "float32", "int32"}, element.Name)
	})
}

// benchmarked are the names that the Benchmarks mention, themselves or in functions and
// tables of the test files that they use.
func benchmarked(tests []*ast.File) map[string]bool {
	declared, used := map[string][]ast.Node{}, map[string]bool{}
	var benchmarks []ast.Node
	for _, f := range tests {
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if strings.HasPrefix(d.Name.Name, "Benchmark") {
					benchmarks = append(benchmarks, d.Body)
				} else if d.Recv == nil {
					declared[d.Name.Name] = append(declared[d.Name.Name], d.Body)
				}
			case *ast.GenDecl:
				for _, s := range d.Specs {
					if v, ok := s.(*ast.ValueSpec); ok {
						for _, n := range v.Names {
							declared[n.Name] = append(declared[n.Name], v)
						}
					}
				}
			}
		}
	}
	for len(benchmarks) > 0 {
		next := benchmarks[len(benchmarks)-1]
		benchmarks = benchmarks[:len(benchmarks)-1]
		ast.Inspect(next, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && !used[id.Name] {
				used[id.Name] = true
				benchmarks = append(benchmarks, declared[id.Name]...)
			}
			return true
		})
	}
	return used
}
