package textline

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestLinesOfAnyKind(t *testing.T) {
	long := strings.Repeat("x", 40)
	l := New(iotest.OneByteReader(strings.NewReader("\xef\xbb\xbfone \r\n\n"+long+"\nfour\x00 \n"+long+long)), 32)
	for i, want := range []string{"one", "", "!", "four", "!"} {
		got, err := l.Next()
		if errors.Is(err, ErrLong) {
			got, err = []byte("!"), nil
		}
		if err != nil || string(got) != want || l.Number != i+1 {
			t.Errorf("line %d: %q, %v, numbered %d; want %q", i+1, got, err, l.Number, want)
		}
	}
	if _, err := l.Next(); !errors.Is(err, io.EOF) {
		t.Errorf("at the end: %v", err)
	}
	broken := errors.New("disk on fire")
	l = New(io.MultiReader(strings.NewReader("a\nb"), iotest.ErrReader(broken)), 32)
	if got, err := l.Next(); string(got) != "a" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := l.Next(); !errors.Is(err, broken) {
		t.Errorf("a broken reader: %v", err)
	}
}

func TestCleanTextIsUTF8WithoutControls(t *testing.T) {
	for in, want := range map[string]string{
		" a b ": "a b", "a\tb": "a b", "a\x00b\x1f\x7f": "ab", "Z\xfcrich": "Zürich", "Zürich": "Zürich", "\u0085x": "x", "": "",
	} {
		if got := Clean(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}
