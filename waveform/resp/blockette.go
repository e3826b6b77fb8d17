package resp

import (
	"strings"
)

// The blockettes of a stage. Those of the dictionary, 41 to 48, say the same
// with their fields numbered otherwise and without a stage number.
const (
	polesZeros   = 53
	coefficients = 54
	responseList = 55
	generic      = 56
	decimation   = 57
	gain         = 58
	reference    = 60
	fir          = 61
	polynomial   = 62
)

// canonical names a field of the dictionary as that of the blockette that it
// stands for; ok is false for the fields that only a dictionary has, its key and
// its name.
func canonical(f field) (c field, dictionary, ok bool) {
	switch f.blockette {
	case 41:
		f.blockette, ok = fir, f.number > 4
	case 42, 43, 44:
		if ok = f.number > 4; f.number == 5 { // the type stands before the stage number
			f.number = 3
		} else {
			f.number--
		}
		f.blockette += 10
		if f.blockette == 52 {
			f.blockette = polynomial
		}
	case 45, 46, 47, 48:
		f.blockette, f.number, ok = f.blockette+10, f.number-1, f.number > 4
	default:
		return f, false, true
	}
	return f, true, ok
}

// isStage reports whether a blockette of that number describes a stage.
func isStage(number int) bool {
	return number >= polesZeros && number <= gain || number == fir || number == polynomial
}

// blockette is the fields of one blockette. It is kept until the next one starts.
type blockette struct {
	kind       int
	dictionary bool
	at         place
	values     map[int]value
	rows       map[int][]row // by the first field number
}

// value is what a field says and where.
type value struct {
	text string
	at   place
}

// row is the numbers of a row without its counter.
type row struct {
	numbers [4]float64
	columns int
	at      place
}

// takes reports whether the field belongs to this blockette, and not to a next
// one of the same kind.
func (b *blockette) takes(f field, dictionary bool) bool {
	if b == nil || b.kind != f.blockette || b.dictionary != dictionary {
		return false
	}
	_, seen := b.values[f.number]
	return f.row || !seen
}

// add adds a field; the error is that of an unreadable row.
func (b *blockette) add(f field, at place) error {
	if !f.row {
		b.values[f.number] = value{f.value, at}
		return nil
	}
	if b.kind == gain { // calibrations
		return nil
	}
	r := row{at: at}
	words := strings.Fields(f.value)
	if len(words) < 2 {
		return bad(at, "the row %s has no value: want a counter and a number", quote(f.value))
	}
	for _, w := range words[1:] {
		if r.columns == len(r.numbers) {
			break
		}
		v, err := parseFloat(w)
		if err != nil {
			return bad(at, "the row %s cannot be read: %v", quote(f.value), err)
		}
		r.numbers[r.columns] = v
		r.columns++
	}
	b.rows[f.number] = append(b.rows[f.number], r)
	return nil
}

// float is the number in a field, which must be there.
func (b *blockette) float(number int) (float64, error) {
	v, ok := b.values[number]
	if !ok {
		return 0, bad(b.at, "blockette %d has no field %d", b.kind, number)
	}
	x, err := parseFloat(first(v.text))
	if err != nil {
		return 0, bad(v.at, "field %d of blockette %d: %v", number, b.kind, err)
	}
	return x, nil
}

// whole is the whole number in a field, 0 to a million.
func (b *blockette) whole(number int) (int, error) {
	x, err := b.float(number)
	if err != nil {
		return 0, err
	}
	if x != float64(int(x)) || x < 0 || x > 1e6 {
		return 0, bad(b.values[number].at, "field %d of blockette %d is %v: want a whole number", number, b.kind, x)
	}
	return int(x), nil
}

// table is the rows that start at field number, which must be as many as the
// field counter says and have at least so many columns.
func (b *blockette) table(counter, number, columns int) ([]row, error) {
	n, err := b.whole(counter)
	if err != nil {
		return nil, err
	}
	rows := b.rows[number]
	if len(rows) != n {
		return nil, bad(b.at, "blockette %d declares %d rows and has %d: the file is cut off or mixed up", b.kind, n, len(rows))
	}
	for _, r := range rows {
		if r.columns < columns {
			return nil, bad(r.at, "a row of blockette %d has %d numbers after its counter: want %d", b.kind, r.columns, columns)
		}
	}
	return rows, nil
}

// column is one column of a table.
func column(rows []row, at int) []float64 {
	var out []float64
	for _, r := range rows {
		out = append(out, r.numbers[at])
	}
	return out
}

// letter is the first letter of a field, in upper case, 0 for none.
func (b *blockette) letter(number int) byte {
	if s := strings.ToUpper(strings.TrimSpace(b.values[number].text)); s != "" {
		return s[0]
	}
	return 0
}
