package xmlwalk

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// charsetReader gives UTF-8 for the encodings in use. It is called by the XML
// decoder where a document declares anything but UTF-8.
func (c *Cursor) charsetReader(name string, input io.Reader) (io.Reader, error) {
	if c.charset != nil || c.depth > 0 {
		return nil, errors.New("a second XML declaration: split the file into one document each")
	}
	src, ok := input.(io.ByteReader)
	if !ok {
		return nil, fmt.Errorf("encoding %q: input cannot be read by bytes", name)
	}
	switch strings.ToLower(name) {
	case "utf8", "us-ascii", "ascii":
		return input, nil
	case "iso-8859-1", "iso8859-1", "latin1", "latin-1":
		c.charset = &latin1{src: src}
		return c.charset, nil
	}
	return nil, fmt.Errorf("encoding %q is not supported: convert the file to UTF-8", name)
}

// latin1 reads ISO-8859-1 as UTF-8, byte by byte, so that it never reads ahead
// of what the decoder has taken and positions stay those of the file.
type latin1 struct {
	src     io.ByteReader
	pending byte  // second byte of a character, 0 for none
	widened int64 // bytes given that the file does not have
}

// ReadByte gives the next byte of the UTF-8 form.
func (l *latin1) ReadByte() (byte, error) {
	if b := l.pending; b != 0 {
		l.pending = 0
		l.widened++
		return b, nil
	}
	b, err := l.src.ReadByte()
	if err != nil || b < 0x80 {
		return b, err
	}
	l.pending = 0x80 | b&0x3f
	return 0xc0 | b>>6, nil
}

// Read fills p with at least one byte, by ReadByte.
func (l *latin1) Read(p []byte) (int, error) {
	for i := range p {
		b, err := l.ReadByte()
		if err != nil {
			return i, err
		}
		p[i] = b
	}
	return len(p), nil
}
