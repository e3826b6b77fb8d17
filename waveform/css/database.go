package css

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Options says how a database is read. The zero value is fit for use.
type Options struct {
	// Network is the network code of stations for which no table has one; "" is
	// DefaultNetwork. It is reported for each such station.
	Network string
	// Prefix starts the public ids of events; "" is smi:local/ and the name of the
	// database. Databases of one name need prefixes of their own.
	Prefix string
}

// DefaultNetwork is the code of the FDSN for data that are of no network.
const DefaultNetwork = "XX"

// Database is a set of tables with one name, NAME.site, NAME.wfdisc and so forth,
// in one folder or several. It holds paths only: each method reads the tables that
// it needs, and methods may be called concurrently.
type Database struct {
	// Name is the part of the file names before the table's, without folder.
	Name string
	// Prefix is the path of the tables up to the dot, by which databases can be told
	// apart.
	Prefix string

	places  []string // prefixes under which tables are looked for, the first found counts
	options Options
}

// Open finds the database that path belongs to: a folder with one database, the
// prefix of its tables (db/demo where there is db/demo.site), its descriptor
// file, or any one of its tables. Tables are looked for beside that, and then where the descriptor's path
// says, and the first that is found is used, as in Antelope. No table is read yet. Where there is
// none, the error matches [ErrNoDatabase].
func Open(path string, o Options) (*Database, error) {
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		found, err := inFolder(path)
		if err == nil {
			path = found
		} else if !hasTables(path) { // a folder may have the name of the database beside it
			return nil, err
		}
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fault(path, err)
	}
	prefix := path
	if columnsOf(tableOf(path)) != nil {
		prefix = strings.TrimSuffix(path, filepath.Ext(path))
	}
	d := &Database{Name: filepath.Base(prefix), Prefix: prefix, places: []string{prefix}, options: o}
	d.places = append(d.places, describedPlaces(prefix)...)
	if slices.ContainsFunc(d.places, hasTables) {
		return d, nil
	}
	return nil, &Error{Path: path, Err: fmt.Errorf("%w: give a folder with tables, their path up to the dot, a table, or a descriptor whose path leads to tables", ErrNoDatabase)}
}

func allTables() []Table {
	return []Table{SiteTable, SitechanTable, AffiliationTable, SnetstaTable, SchanlocTable, SensorTable, InstrumentTable,
		WfdiscTable, OriginTable, EventTable, AssocTable, ArrivalTable, OrigerrTable, NetmagTable}
}

// Path is the path of a table, "" if the database has none of that name.
func (d *Database) Path(t Table) string {
	for _, place := range d.places {
		if path := place + "." + string(t); isFile(path) {
			return path
		}
	}
	return ""
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// hasTables reports whether there is a table of that prefix.
func hasTables(prefix string) bool {
	return slices.ContainsFunc(allTables(), func(t Table) bool { return isFile(prefix + "." + string(t)) })
}

// inFolder is the prefix of the only database in a folder: of its tables or, where
// there are none, of a descriptor.
func inFolder(folder string) (string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return "", fault(folder, err)
	}
	var tables, descriptors []string
	for _, e := range entries {
		path := filepath.Join(folder, e.Name())
		switch t, ok := sniffFile(path); {
		case ok && t == Descriptor:
			descriptors = append(descriptors, path)
		case ok:
			tables = append(tables, strings.TrimSuffix(path, filepath.Ext(path)))
		}
	}
	slices.Sort(tables)
	found := slices.Compact(tables)
	if len(found) == 0 {
		found = descriptors
	}
	switch len(found) {
	case 0:
		return "", &Error{Path: folder, Err: fmt.Errorf("%w: no file of the folder is a table or descriptor", ErrNoDatabase)}
	case 1:
		return found[0], nil
	}
	names := make([]string, 0, 4)
	for _, p := range found[:min(3, len(found))] {
		names = append(names, filepath.Base(p))
	}
	return "", &Error{Path: folder, Err: fmt.Errorf("%w of its own: there are %d (%s and so on), give the path of one up to the dot", ErrNoDatabase, len(found), strings.Join(names, ", "))}
}

// sniffFile is Sniff of a regular file, which may be a link.
func sniffFile(path string) (Table, bool) {
	if !isFile(path) {
		return "", false
	}
	head, err := readHead(path)
	if err != nil {
		return "", false
	}
	return Sniff(filepath.Base(path), head)
}

// readHead is the start of a file, as much as Sniff wants.
func readHead(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	head := make([]byte, SniffSize)
	n, err := io.ReadFull(f, head)
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		err = nil
	}
	return head[:n], err
}

// describedPlaces are the prefixes that the descriptor of a database gives, none
// if it has no descriptor. An element of the path is folder/{name}, or a folder in which the
// tables have the database's own name.
func describedPlaces(prefix string) []string {
	if !isFile(prefix) {
		return nil
	}
	head, err := readHead(prefix)
	if err != nil {
		return nil
	}
	path, ok := parseDescriptor(head)
	if !ok || path == "" {
		return nil
	}
	var places []string
	for element := range strings.SplitSeq(path, ":") {
		folder, names, _ := strings.Cut(strings.TrimSpace(element), "{")
		if !filepath.IsAbs(folder) {
			folder = filepath.Join(filepath.Dir(prefix), folder)
		}
		for name := range strings.SplitSeq(strings.TrimSuffix(names, "}"), ",") {
			places = append(places, filepath.Join(folder, cmp.Or(strings.TrimSpace(name), filepath.Base(prefix))))
		}
	}
	return places
}

// load reads a table of the database. One that it does not have has no rows.
func load[R any, P Row[R]](d *Database, list *problems, do func(line int, row R)) error {
	path := d.Path(P(new(R)).table())
	if path == "" {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return fault(path, err)
	}
	defer f.Close()
	return each[R, P](f, path, list, do)
}

// need wants the database to have a table.
func (d *Database) need(t Table) error {
	if d.Path(t) == "" {
		return &Error{Path: d.Prefix, Err: fmt.Errorf("%w: %s.%s", ErrNoTable, d.Name, t)}
	}
	return nil
}
