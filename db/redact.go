package db

import (
	"errors"
	"net/url"
	"regexp"
	"strings"
)

// RedactDSN returns a DSN with its passwords replaced, for messages and logs. A
// URL that cannot be parsed is hidden from its scheme on.
func RedactDSN(dsn string) string {
	scheme, _, isURL := strings.Cut(dsn, "://")
	if !isURL || strings.ContainsAny(scheme, " =") {
		return redactPairs(dsn)
	}
	u, err := url.Parse(dsn)
	if err != nil {
		return scheme + "://(unreadable)"
	}
	query := u.Query()
	for key := range query {
		if isSecret(key) {
			query.Set(key, "xxxxx")
		}
	}
	u.RawQuery = query.Encode()
	return u.Redacted()
}

// redactPairs hides the secrets among key=value pairs. A value is in quotes, with
// backslash as escape, or goes to the next space, unless that is escaped.
func redactPairs(dsn string) string {
	pair := regexp.MustCompile(`([A-Za-z_]+)(\s*=\s*)('(?:[^'\\]|\\.)*(?:'|$)|(?:[^\s'\\]|\\.)(?:[^\s\\]|\\.)*)`)
	return pair.ReplaceAllStringFunc(dsn, func(s string) string {
		m := pair.FindStringSubmatch(s)
		if isSecret(m[1]) {
			return m[1] + m[2] + "xxxxx"
		}
		return s
	})
}

func isSecret(key string) bool {
	key = strings.ToLower(key)
	return strings.Contains(key, "password") || key == "sslkey" || key == "passfile"
}

// redactError keeps a parser's message from repeating the DSN it could not read,
// as those of net/url do.
func redactError(err error, dsn string) error {
	var parse *url.Error
	if errors.As(err, &parse) {
		return errors.New("not a valid URL")
	}
	if text := err.Error(); strings.Contains(text, dsn) {
		return errors.New(strings.ReplaceAll(text, dsn, RedactDSN(dsn)))
	}
	return err
}
