package quakeml

import (
	"strings"

	"github.com/seisbatch/seisbatch/waveform/internal/xmlwalk"
)

// checkID reports a publicID that the schema does not allow. It is kept: here an
// identifier is only compared.
func (d *decoder) checkID(what, id string) {
	if !validID(id) {
		d.report(BadID, "publicID %s of the %s is not a QuakeML identifier (smi:authority/name): kept as it is", xmlwalk.Quote(id), what)
	}
}

// validID tests the pattern of QuakeML 1.2: smi: or quakeml:, an authority of
// three or more characters, a slash, and a name.
func validID(id string) bool {
	scheme, rest, _ := strings.Cut(id, ":")
	authority, name, ok := strings.Cut(rest, "/")
	return ok && (scheme == "smi" || scheme == "quakeml") &&
		len(authority) >= 3 && isWord(authority[0]) && consistsOf(authority[1:], "-.*()_~'") &&
		name != "" && consistsOf(name[:1], "-.*()_~'") && consistsOf(name[1:], "-.*()+?_~'=,;#/&")
}

// consistsOf reports whether s has only letters, digits and the given signs.
func consistsOf(s, signs string) bool {
	for i := range len(s) {
		if !isWord(s[i]) && strings.IndexByte(signs, s[i]) < 0 {
			return false
		}
	}
	return true
}

func isWord(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
