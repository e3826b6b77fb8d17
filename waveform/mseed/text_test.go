package mseed

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// textOf puts the texts of b together.
func textOf(t *testing.T, b []byte) (string, Contents) {
	t.Helper()
	c, err := ReadAll(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	var s strings.Builder
	for _, x := range c.Texts {
		if !utf8.ValidString(x.Content) {
			t.Errorf("a character is parted: %q", x.Content)
		}
		s.WriteString(x.Content)
	}
	return s.String(), c
}

func TestTextComesBackFromBothVersions(t *testing.T) {
	id := madeTrace(1, nil).ID
	id.Channel = "LOG"
	for _, version := range []int{2, 3} {
		for _, text := range []string{"x", "001:00:00:00 GPS: LOCKED\r\n", strings.Repeat("grün ", 500), strings.Repeat("€", 1000), strings.Repeat("a", 66000)} {
			var b bytes.Buffer
			w, err := NewWriter(&b, WriteOptions{Version: version})
			if err == nil {
				err = w.WriteText(id, madeStart, text)
			}
			if err != nil {
				t.Fatal(err)
			}
			got, c := textOf(t, b.Bytes())
			if got != text || len(c.Segments) != 0 || len(c.Faults) != 0 || c.Texts[0].ID != id || !c.Texts[0].Start.Equal(madeStart) {
				t.Errorf("version %d: %d bytes came back as %d; %v", version, len(text), len(got), c.Faults)
			}
			if at := c.Texts[len(c.Texts)-1].Offset; len(c.Texts) > 1 && (at <= 0 || at >= int64(b.Len())) {
				t.Errorf("version %d: last text at byte %d of %d", version, at, b.Len())
			}
		}
	}
}

func TestTextThatIsNoUTF8ComesBackAsItIs(t *testing.T) {
	text := strings.Repeat("\xe4\x80\x80\x80\x80\x80", 500)
	var b bytes.Buffer
	w, err := NewWriter(&b, WriteOptions{RecordLength: 256})
	if err == nil {
		err = w.WriteText(madeTrace(1, nil).ID, madeStart, text)
	}
	if err != nil {
		t.Fatal(err)
	}
	c, err := ReadAll(&b)
	var got strings.Builder
	for _, x := range c.Texts {
		got.WriteString(x.Content)
	}
	if got.String() != text || err != nil {
		t.Errorf("%d bytes came back as %d, %v", len(text), got.Len(), err)
	}
}

func TestTextsAreNotMixedWithSamples(t *testing.T) {
	// One channel, one time: a trace, a text with a rate, as loggers write them, and a trace.
	tr := madeTrace(100, wiggle(100, 8))
	next := tr
	next.Start = tr.Start.Add(time.Second)
	one := written(t, tr, WriteOptions{})
	text := edited(one, 30, 5)
	text[52] = byte(ASCII)
	copy(text[64:], "hello, world")
	c, err := ReadAll(bytes.NewReader(bytes.Join([][]byte{one, text, written(t, next, WriteOptions{})}, nil)))
	if err != nil || len(c.Segments) != 1 || c.Segments[0].Samples() != 200 || len(c.Texts) != 1 || c.Texts[0].Content != "hello" || c.Texts[0].Offset != 512 {
		t.Errorf("%d segments, texts %+v, %v", len(c.Segments), c.Texts, err)
	}
}

func TestTextLongerThanItsRecordIsAFault(t *testing.T) {
	b := edited(written(t, madeTrace(100, wiggle(100, 8)), WriteOptions{}), 30, 449)
	b[52] = byte(ASCII)
	c, err := ReadAll(bytes.NewReader(b))
	if err != nil || len(c.Faults) != 1 || !errors.Is(c.Faults[0], ErrIntegrity) || len(c.Texts) != 0 {
		t.Errorf("%v, %v", c.Faults, err)
	}
}

func TestEmptyTextWritesNothing(t *testing.T) {
	var b bytes.Buffer
	w, err := NewWriter(&b, WriteOptions{})
	if err == nil {
		err = w.WriteText(madeTrace(1, nil).ID, madeStart, "")
	}
	if err != nil || b.Len() != 0 {
		t.Errorf("%d bytes, %v", b.Len(), err)
	}
	if err := w.WriteText(madeTrace(1, nil).ID, time.Time{}, "x"); err == nil || b.Len() != 0 {
		t.Errorf("year 1: %d bytes, %v", b.Len(), err)
	}
}
