// What each call in a tree of Go means, as go/types has it: go run calls.go TREE
//
// The lines are those of Calls.java, and
//
//	C FILE LINE COLUMN NAME value       of a variable
//
// Each folder is type-checked by itself, with its tests, for Linux, Windows and macOS in
// turn; a call means what it does on any of them. The tree's own packages are found by its
// go.mod, others in GOROOT and GOPATH, as source. Of what does not compile for want of one
// the rest is told all the same. Tags of builds are those of the system, without cgo.
package main

import (
	"bufio"
	"fmt"
	"go/ast"
	"go/build"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

type place struct {
	file         string
	line, column int
}

func (p place) String() string {
	return fmt.Sprintf("%s\t%d\t%d", p.file, p.line, p.column)
}

type call struct {
	name    string
	targets map[place]bool
	kind    string // of what is not in the tree
}

// What is known of a tree, for all systems together.
type tree struct {
	top         string
	modules     map[string]string // folders of modules by path
	folders     []string
	calls       map[place]*call
	definitions map[place]string
}

// A tree as one system has it. It is the importer of what is in it.
type system struct {
	*tree
	context build.Context
	files   *token.FileSet
	library types.ImporterFrom
	parsed  map[string]*ast.File
	checked map[string]*types.Package // by folder, without tests
}

func modulePath(text string) string {
	for _, line := range strings.Split(text, "\n") {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] == "module" {
			return strings.Trim(fields[1], "\"")
		}
	}
	return ""
}

func readTree(top string) *tree {
	t := &tree{top, map[string]string{}, nil, map[place]*call{}, map[place]string{}}
	filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
		name := entry.Name()
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != top && (name == "testdata" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")):
			return filepath.SkipDir
		case entry.IsDir():
			t.folders = append(t.folders, path)
		case name == "go.mod":
			if text, err := os.ReadFile(path); err == nil {
				t.modules[modulePath(string(text))] = filepath.Dir(path)
			}
		}
		return nil
	})
	return t
}

// The folder of a package of the tree, by the longest path of a module that it begins with.
func (t *tree) folderOf(path string) (string, bool) {
	for module := path; module != "." && module != "/"; module = filepath.Dir(module) {
		if folder, ok := t.modules[module]; ok {
			return filepath.Join(folder, strings.TrimPrefix(path, module)), true
		}
	}
	return "", false
}

func newSystem(t *tree, name string) *system {
	build.Default.GOOS = name
	build.Default.CgoEnabled = false
	files := token.NewFileSet()
	library := importer.ForCompiler(files, "source", nil).(types.ImporterFrom)
	return &system{t, build.Default, files, library, map[string]*ast.File{}, map[string]*types.Package{}}
}

func (s *system) parse(folder string, names ...[]string) []*ast.File {
	var files []*ast.File
	for _, some := range names {
		for _, name := range some {
			path := filepath.Join(folder, name)
			if s.parsed[path] == nil {
				s.parsed[path], _ = parser.ParseFile(s.files, path, nil, parser.SkipObjectResolution)
			}
			if s.parsed[path] != nil {
				files = append(files, s.parsed[path])
			}
		}
	}
	return files
}

func (s *system) check(path string, files []*ast.File, info *types.Info) *types.Package {
	config := types.Config{Importer: s, FakeImportC: true, Error: func(error) {}}
	checked, _ := config.Check(path, s.files, files, info)
	return checked
}

func (s *system) Import(path string) (*types.Package, error) {
	return s.ImportFrom(path, s.top, 0)
}

func (s *system) ImportFrom(path, from string, mode types.ImportMode) (*types.Package, error) {
	folder, ok := s.folderOf(path)
	if !ok {
		return s.library.ImportFrom(path, from, mode)
	}
	if _, known := s.checked[folder]; !known {
		s.checked[folder] = nil // should it import itself
		about, err := s.context.ImportDir(folder, 0)
		if about == nil || len(about.GoFiles) == 0 {
			return nil, err
		}
		s.checked[folder] = s.check(path, s.parse(folder, about.GoFiles), nil)
	}
	if s.checked[folder] == nil {
		return nil, fmt.Errorf("%s cannot be imported", path)
	}
	return s.checked[folder], nil
}

// A place in the tree; false if it is elsewhere.
func (s *system) place(pos token.Pos) (place, bool) {
	at := s.files.PositionFor(pos, false)
	file, err := filepath.Rel(s.top, at.Filename)
	if !pos.IsValid() || err != nil || strings.HasPrefix(file, "..") {
		return place{}, false
	}
	return place{file, at.Line - 1, at.Column - 1}, true
}

func (s *system) define(name *ast.Ident) {
	if at, ok := s.place(name.Pos()); ok && name.Name != "_" {
		s.definitions[at] = name.Name
	}
}

// The name that is called; nil where it has none.
func calledName(function ast.Expr) *ast.Ident {
	switch called := function.(type) {
	case *ast.Ident:
		return called
	case *ast.SelectorExpr:
		return called.Sel
	case *ast.ParenExpr:
		return calledName(called.X)
	case *ast.StarExpr:
		return calledName(called.X)
	case *ast.IndexExpr:
		return calledName(called.X)
	case *ast.IndexListExpr:
		return calledName(called.X)
	}
	return nil
}

func (s *system) call(name *ast.Ident, object types.Object) {
	at, ok := s.place(name.Pos())
	if !ok {
		return
	}
	if s.calls[at] == nil {
		s.calls[at] = &call{name.Name, map[place]bool{}, "unknown"}
	}
	of := s.calls[at]
	switch object.(type) {
	case nil:
	case *types.Func, *types.TypeName:
		if object.Type() == types.Typ[types.Invalid] {
			break
		}
		if target, inside := s.place(object.Pos()); inside {
			of.targets[target] = true
		} else {
			of.kind = "outside"
		}
	case *types.Builtin:
		of.kind = "outside"
	default:
		of.kind = "value"
	}
}

// What is in files that belong to one package.
func (s *system) look(path string, files []*ast.File) {
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}, Types: map[ast.Expr]types.TypeAndValue{}}
	s.check(path, files, info)
	for _, file := range files {
		ast.Inspect(file, func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.FuncDecl:
				s.define(node.Name)
			case *ast.TypeSpec:
				s.define(node.Name)
			case *ast.InterfaceType:
				for _, method := range node.Methods.List {
					for _, name := range method.Names {
						s.define(name)
					}
				}
			case *ast.CallExpr:
				// what is at an index is a value, unless that is a type
				if index, ok := node.Fun.(*ast.IndexExpr); ok && !info.Types[index.Index].IsType() {
					break
				}
				if name := calledName(node.Fun); name != nil {
					s.call(name, info.Uses[name])
				}
			}
			return true
		})
	}
}

func (s *system) read() {
	for _, folder := range s.folders {
		about, _ := s.context.ImportDir(folder, 0)
		if about == nil {
			continue
		}
		path := folder
		for module, top := range s.modules {
			if below, err := filepath.Rel(top, folder); err == nil && !strings.HasPrefix(below, "..") {
				path = filepath.Join(module, below)
			}
		}
		if len(about.GoFiles)+len(about.TestGoFiles) > 0 {
			s.look(path, s.parse(folder, about.GoFiles, about.TestGoFiles))
		}
		if len(about.XTestGoFiles) > 0 {
			s.look(path+"_test", s.parse(folder, about.XTestGoFiles))
		}
	}
}

func sorted[V any](of map[place]V) []place {
	var places []place
	for at := range of {
		places = append(places, at)
	}
	sort.Slice(places, func(i, j int) bool {
		a, b := places[i], places[j]
		if a.file != b.file {
			return a.file < b.file
		}
		return a.line < b.line || (a.line == b.line && a.column < b.column)
	})
	return places
}

func (t *tree) show() {
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for _, at := range sorted(t.definitions) {
		fmt.Fprintf(out, "D\t%s\t%s\n", at, t.definitions[at])
	}
	for _, at := range sorted(t.calls) {
		of := t.calls[at]
		fmt.Fprintf(out, "C\t%s\t%s\t", at, of.name)
		if len(of.targets) == 0 {
			fmt.Fprintln(out, of.kind)
			continue
		}
		fmt.Fprint(out, "inside")
		for _, target := range sorted(of.targets) {
			fmt.Fprintf(out, "\t%s", target)
		}
		fmt.Fprintln(out)
	}
}

func main() {
	top, err := filepath.Abs(os.Args[1])
	if err != nil {
		panic(err)
	}
	os.Setenv("GO111MODULE", "off")
	t := readTree(top)
	for _, name := range []string{"linux", "windows", "darwin"} {
		newSystem(t, name).read()
	}
	t.show()
}
