package figure

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// mapping is a character and its glyph in a font.
type mapping struct {
	character rune
	glyph     uint16
}

// subset makes a TrueType font of some glyphs of another, and of those they are
// composed of. Glyphs are renumbered in their order and lose their hinting, which
// refers to programs that are left out; kerning and layout tables go as well. The
// characters must be in ascending order. The tables are those of the OpenType
// specification 1.9.1 (head, hhea, hmtx, maxp, loca, glyf, cmap format 12, post
// version 3; OS/2 and name are kept).
func subset(whole []byte, characters []mapping) (font []byte, err error) {
	defer func() {
		// Offsets in a font are followed without a check of each: the fonts are
		// part of the program. A broken one is an error all the same.
		if broken := recover(); broken != nil {
			font, err = nil, fmt.Errorf("font cannot be cut: %v", broken)
		}
	}()
	t := tablesOf(whole)
	for _, need := range []string{"head", "hhea", "hmtx", "maxp", "loca", "glyf", "OS/2", "name", "post"} {
		if len(t[need]) == 0 {
			return nil, errors.New("font has no table " + need)
		}
	}
	keep := t.closure(characters)
	number := func(glyph uint16) uint16 {
		i, _ := slices.BinarySearch(keep, glyph)
		return uint16(i)
	}
	cut := tables{"OS/2": t["OS/2"], "name": t["name"], "cmap": cmap(characters, number)}
	for _, g := range keep {
		cut["loca"] = binary.BigEndian.AppendUint32(cut["loca"], uint32(len(cut["glyf"])))
		cut["glyf"] = pad(append(cut["glyf"], bare(t.glyph(g), number)...))
		cut["hmtx"] = append(cut["hmtx"], t.metrics(g)...)
	}
	cut["loca"] = binary.BigEndian.AppendUint32(cut["loca"], uint32(len(cut["glyf"])))
	cut["head"] = with16(t["head"], 50, 1) // long offsets in loca
	cut["hhea"] = with16(t["hhea"], 34, uint16(len(keep)))
	cut["maxp"] = with16(t["maxp"], 4, uint16(len(keep)))
	cut["post"] = with16(t["post"][:32], 0, 3) // no glyph names
	return cut.assemble(), nil
}

// tables are the tables of a font by tag.
type tables map[string][]byte

func tablesOf(font []byte) tables {
	t := tables{}
	for i := range int(binary.BigEndian.Uint16(font[4:])) {
		entry := font[12+16*i:]
		from, size := binary.BigEndian.Uint32(entry[8:]), binary.BigEndian.Uint32(entry[12:])
		t[string(entry[:4])] = font[from : from+size]
	}
	return t
}

// glyph is the outline of a glyph, empty for a space.
func (t tables) glyph(g uint16) []byte {
	at := func(i int) uint32 {
		if binary.BigEndian.Uint16(t["head"][50:]) == 0 {
			return 2 * uint32(binary.BigEndian.Uint16(t["loca"][2*i:]))
		}
		return binary.BigEndian.Uint32(t["loca"][4*i:])
	}
	return t["glyf"][at(int(g)):at(int(g)+1)]
}

// metrics is the advance width and left side bearing of a glyph.
func (t tables) metrics(g uint16) []byte {
	long, h := int(binary.BigEndian.Uint16(t["hhea"][34:])), t["hmtx"]
	if int(g) < long {
		return h[4*int(g):][:4]
	}
	return slices.Concat(h[4*long-4:][:2], h[4*long+2*(int(g)-long):][:2])
}

// closure is the glyphs of the characters, their parts, and glyph 0, ascending.
func (t tables) closure(characters []mapping) []uint16 {
	seen := map[uint16]bool{}
	var visit func(g uint16)
	visit = func(g uint16) {
		if !seen[g] {
			seen[g] = true
			for _, at := range parts(t.glyph(g)) {
				visit(binary.BigEndian.Uint16(t.glyph(g)[at+2:]))
			}
		}
	}
	visit(0)
	for _, m := range characters {
		visit(m.glyph)
	}
	return slices.Sorted(maps.Keys(seen))
}

// Flags of a part of a composite glyph.
const (
	wordArguments = 0x0001
	oneScale      = 0x0008
	moreParts     = 0x0020
	twoScales     = 0x0040
	fourScales    = 0x0080
	hasProgram    = 0x0100
)

// parts gives where the parts of a composite glyph begin; none for a simple glyph.
func parts(outline []byte) []int {
	if len(outline) == 0 || int16(binary.BigEndian.Uint16(outline)) >= 0 {
		return nil
	}
	var places []int
	for at := 10; ; {
		flags := binary.BigEndian.Uint16(outline[at:])
		places = append(places, at)
		if flags&moreParts == 0 {
			return places
		}
		at += partSize(flags)
	}
}

func partSize(flags uint16) int {
	size := 6
	if flags&wordArguments != 0 {
		size += 2
	}
	switch {
	case flags&oneScale != 0:
		size += 2
	case flags&twoScales != 0:
		size += 4
	case flags&fourScales != 0:
		size += 8
	}
	return size
}

// bare is a copy of an outline without its hinting program, its parts renumbered.
func bare(outline []byte, number func(uint16) uint16) []byte {
	if len(outline) == 0 || binary.BigEndian.Uint16(outline) == 0 {
		return nil // nothing to draw
	}
	if places := parts(outline); places != nil {
		copied := slices.Clone(outline)
		end := 0
		for _, at := range places {
			flags := binary.BigEndian.Uint16(copied[at:]) &^ hasProgram
			binary.BigEndian.PutUint16(copied[at:], flags)
			binary.BigEndian.PutUint16(copied[at+2:], number(binary.BigEndian.Uint16(copied[at+2:])))
			end = at + partSize(flags)
		}
		return copied[:end]
	}
	program := 10 + 2*int(binary.BigEndian.Uint16(outline))
	points := 1 + int(binary.BigEndian.Uint16(outline[program-2:]))
	coordinates := outline[program+2+int(binary.BigEndian.Uint16(outline[program:])):]
	return slices.Concat(outline[:program], []byte{0, 0}, coordinates[:outlineSize(coordinates, points)])
}

// outlineSize is the bytes that the flags and coordinates of some points take;
// what follows is padding.
func outlineSize(b []byte, points int) int {
	const xShort, yShort, repeated, xSame, ySame = 0x02, 0x04, 0x08, 0x10, 0x20
	length := func(flags, short, same byte) int {
		switch {
		case flags&short != 0:
			return 1
		case flags&same != 0:
			return 0
		}
		return 2
	}
	at, size := 0, 0
	for points > 0 {
		flags, times := b[at], 1
		at++
		if flags&repeated != 0 {
			times += int(b[at])
			at++
		}
		size += times * (length(flags, xShort, xSame) + length(flags, yShort, ySame))
		points -= times
	}
	return at + size
}

// cmap maps each character to its new glyph, in format 12.
func cmap(characters []mapping, number func(uint16) uint16) []byte {
	const windows, unicode = 3, 10
	var t []byte
	for _, v := range []uint16{0, 1, windows, unicode, 0, 12, 12, 0} { // header, one record at offset 12, format 12
		t = binary.BigEndian.AppendUint16(t, v)
	}
	for _, v := range []int{16 + 12*len(characters), 0, len(characters)} {
		t = binary.BigEndian.AppendUint32(t, uint32(v))
	}
	for _, m := range characters {
		t = binary.BigEndian.AppendUint32(t, uint32(m.character))
		t = binary.BigEndian.AppendUint32(t, uint32(m.character))
		t = binary.BigEndian.AppendUint32(t, uint32(number(m.glyph)))
	}
	return t
}

// assemble writes the font file with its checksums.
func (t tables) assemble() []byte {
	tags := slices.Sorted(maps.Keys(t))
	binary.BigEndian.PutUint32(t["head"][8:], 0)
	log, power := 0, 1
	for 2*power <= len(tags) {
		log, power = log+1, 2*power
	}
	font := []byte{0, 1, 0, 0}
	for _, v := range []int{len(tags), 16 * power, log, 16 * (len(tags) - power)} {
		font = binary.BigEndian.AppendUint16(font, uint16(v))
	}
	offset := len(font) + 16*len(tags)
	var body []byte
	head := 0
	for _, tag := range tags {
		if tag == "head" {
			head = offset + len(body)
		}
		font = append(font, tag...)
		for _, v := range []uint32{checksum(t[tag]), uint32(offset + len(body)), uint32(len(t[tag]))} {
			font = binary.BigEndian.AppendUint32(font, v)
		}
		body = pad(append(body, t[tag]...))
	}
	font = append(font, body...)
	binary.BigEndian.PutUint32(font[head+8:], 0xB1B0AFBA-checksum(font))
	return font
}

// checksum is the sum of the table's 32-bit words, the last one filled with zeros.
func checksum(table []byte) uint32 {
	var sum uint32
	for i := 0; i < len(table); i += 4 {
		var word [4]byte
		copy(word[:], table[i:])
		sum += binary.BigEndian.Uint32(word[:])
	}
	return sum
}

func pad(b []byte) []byte {
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	return b
}

// with16 is a copy of a table with one 16-bit field set.
func with16(table []byte, at int, v uint16) []byte {
	copied := slices.Clone(table)
	binary.BigEndian.PutUint16(copied[at:], v)
	return copied
}
