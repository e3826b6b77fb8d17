package css

import "strings"

// splitEventType takes etype apart: Antelope has two characters for the type and, behind a blank, four
// for the review; the schema of 1990 has seven for the type.
func splitEventType(s string) (kind, review string) {
	kind, review, _ = strings.Cut(s, " ")
	review = strings.TrimSpace(review)
	if review == "-" {
		review = ""
	}
	if kind == "-" {
		kind = ""
	}
	return kind, review
}

// quakeMLType spells a type as QuakeML does. Sources are the schema of 1990 (qb, eq,
// ex, o, l, r, t) and the two-letter types of the ISC and NNSA, whose first letter is how sure
// it is: known, suspected, felt, damaging. l, r and t, local, regional and distant, are
// of unknown origin; me is a marine explosion in the first and an event in a mine in
// the others. For these and for what is not documented it is "".
func quakeMLType(etype string) string {
	switch strings.ToLower(etype) {
	case "eq", "ke", "se", "de", "fe", "qt", "qd", "qf", "qp":
		return "earthquake"
	case "qb":
		return "quarry blast"
	case "ex", "ep", "kx", "sx":
		return "explosion"
	case "ec", "kh", "sh":
		return "chemical explosion"
	case "en", "kn", "sn":
		return "nuclear explosion"
	case "km", "sm":
		return "mining explosion"
	case "kr", "sr":
		return "rock burst"
	case "ki", "si":
		return "induced or triggered event"
	case "ls", "kl", "sl":
		return "landslide"
	case "o":
		return "other event"
	}
	return ""
}
