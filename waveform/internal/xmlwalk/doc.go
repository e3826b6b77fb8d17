// Package xmlwalk is what the readers and writers of XML formats share: a walk
// through the elements of a document that knows where it is and survives bad
// content, and a printer of indented XML.
//
// A [Cursor] streams: it keeps no more of the document than the element it is
// at, and input of any kind gives an error, never a panic. Two kinds of errors
// come out of it. One ends the reading and carries the position ([Cursor.Fail]);
// a [ValueError] is unusable content of one element, after which reading can go
// on ([Cursor.Resume]).
//
// The formats' own words, such as names of elements and codes of problems, stay
// with the formats.
package xmlwalk
