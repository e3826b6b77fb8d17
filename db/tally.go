package db

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
)

// Tally counts things by name. Nil, which is NULL, is that nobody has counted.
type Tally map[string]int64

// Add counts one more of a name.
func (t *Tally) Add(name string) {
	if *t == nil {
		*t = Tally{}
	}
	(*t)[name]++
}

// Value is a JSON object.
func (t Tally) Value() (driver.Value, error) {
	if t == nil {
		return nil, nil
	}
	text, err := json.Marshal(map[string]int64(t))
	return string(text), err
}

// Scan reads a JSON object, or NULL.
func (t *Tally) Scan(value any) error {
	*t = nil
	if value == nil {
		return nil
	}
	text, ok := value.([]byte)
	if !ok {
		return fmt.Errorf("db: a tally is %T, want JSON", value)
	}
	return json.Unmarshal(text, (*map[string]int64)(t))
}
