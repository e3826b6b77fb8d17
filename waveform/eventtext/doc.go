// Package eventtext reads events from the two kinds of table that data services give
// besides QuakeML, a row an event:
//
//   - [FDSN], the text of an fdsnws-event service, version 1.x: fields between
//     vertical bars, #EventID | Time | Latitude | ...;
//   - [ComCat], the CSV of the ANSS Comprehensive Catalog: a line of column names
//     and fields between commas, some of them in quotes. The names are to hold time,
//     latitude, longitude, depth, mag and id, and one of magType, net and updated: tables
//     of other makers have an id, a time and a place as well, and something else
//     under other names. [Missing] says what a table lacks.
//
// [Read] takes either and tells them apart by content, as [Sniff] does. Columns are found
// by their names, in any order, and unknown ones are passed over. Text of an FDSN service
// without header has the columns of the specification.
//
// # What becomes of a row
//
// An event with one origin and, where the row has a magnitude, one magnitude, both
// preferred. Depth is in metres; a field that is empty is NaN, "" or the zero time. The
// place is the description. The agency of the origin is Author (FDSN) or locationSource
// (ComCat), that of the magnitude MagAuthor or magSource, and where these are empty
// Contributor or net. Status, which only ComCat has, is the evaluation: automatic and
// manual are modes, reviewed is mode manual and status reviewed, deleted is status
// rejected and the event's type not existing, and anything else is kept as the status. The time of the last update, which
// only ComCat has, is when origin and magnitude were created. Other columns (errors, gaps,
// numbers of stations) have no place in [waveform.Event].
//
// # Public ids
//
// The public id of an event is the service's EventID or id behind a prefix, smi:local/
// unless [Options] names another; origin and magnitude have the event's with
// #origin and #magnitude behind it. They are the same in each load of the same
// event, whatever else of it has changed. They are not those of the service's QuakeML:
// whoever loads an event as text and as QuakeML has two, unless the prefix is what the
// service writes before its ids. Numbers that two services give out on their own collide:
// give each service a prefix. An EventID that has a colon in it is taken for a public id
// and kept.
//
// # Several rows of an event
//
// Rows that say the same count once. Rows that differ in the magnitude's type or author
// alone, as a service gives them for includeallmagnitudes, are one event with several
// magnitudes, the first preferred. Otherwise the row that was updated last counts, or
// where none says so the last in the file, and a [Problem] names the others.
//
// # Bad content
//
// A row without an id, or without readable time, latitude and longitude, is left out, and
// one line is as much as is lost: a quote that is not closed ends with its line. A depth,
// magnitude or update that cannot be read is taken as not given. Each is a Problem with
// its line. Text that is not UTF-8 is taken for ISO 8859-1. Only what is no event text at
// all, and errors of the reader, are an [Error].
package eventtext
