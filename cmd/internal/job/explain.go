package job

import (
	"cmp"
	"maps"
	"slices"

	"github.com/seisbatch/seisbatch/waveform/recipe"
)

// Explanation documents a code of an item or of a file. The JSON names are those of
// `failures --explain --json`.
type Explanation struct {
	Code    string `json:"code"`
	Of      string `json:"of"`      // item or file
	Outcome string `json:"outcome"` // of the item, failed or skipped; of a file, failed
	Again   string `json:"again"`   // when it is tried again without being told to
	Meaning string `json:"meaning"`
	Cause   string `json:"cause"`
	Remedy  string `json:"remedy"`
}

// Explanations documents every code, in order of code; of one that both an item and a file
// may have, the item's comes first.
func Explanations() []Explanation {
	var all []Explanation
	for _, c := range recipe.Codes() {
		e, _ := c.Explanation()
		x := Explanation{Code: string(c), Of: "item", Outcome: "failed", Again: "when its inputs change", Meaning: e.Meaning, Cause: e.Cause, Remedy: e.Remedy}
		if c.IsSkip() {
			x.Outcome = "skipped"
		}
		if c.IsTransient() {
			x.Again = "with growing pauses"
		}
		all = append(all, x)
	}
	files := fileExplanations()
	for _, code := range slices.Sorted(maps.Keys(files)) {
		x := files[code]
		x.Code, x.Of, x.Outcome = code, "file", "failed"
		x.Again = cmp.Or(x.Again, "when the file changes")
		all = append(all, x)
	}
	slices.SortStableFunc(all, func(a, b Explanation) int { return cmp.Compare(a.Code, b.Code) })
	return all
}

// fileExplanations are those of the codes of files. Files of metadata, and tables, are read at every load.
func fileExplanations() map[string]Explanation {
	const everyLoad = "at every load"
	return map[string]Explanation{
		codeUnreadable: {Again: everyLoad, Meaning: "the file, or its folder, cannot be read; what was known of it is kept",
			Cause:  "the user of the program may not read it, it went away during the load, a link leads nowhere, or the disk fails",
			Remedy: "let the user of the program read it, or see to the disk, and load again; of a name that is not valid text, rename the file"},
		codeMissing: {Again: everyLoad, Meaning: "a wfdisc table names the file, and it is not there",
			Cause:  "a database of CSS 3.0 was copied without its waveforms, or with another folder structure",
			Remedy: "put the file where the table says (dir, from the table's folder on, and dfile), or correct or remove its rows"},
		codeEmpty: {Meaning: "the file has no bytes",
			Cause:  "a download that failed, or a disk that was full when the file was written",
			Remedy: "get the file again, or delete it"},
		codeNotMiniSEED: {Meaning: "the file has no usable record of waveforms",
			Cause:  "something else lies in the archive: a log, an archive program's index, a SEED volume without data, or a damaged file",
			Remedy: "remove it from the archive or get it again; 'seisbatch inspect FILE' says what it is"},
		codeUnsupported: {Meaning: "the file is of a format, a version or an encoding that this command does not read",
			Cause:  "metadata where waveforms are wanted, or the other way round, compressed files, the page of a web service in place of data, an encoding without a public definition",
			Remedy: "do what the message says, which names the command that takes the file or what to convert it to; or remove the file"},
		codeBadRecord: {Meaning: "records, or rows, of the file are damaged; the others are used",
			Cause:  "the file was cut off or changed in transfer or storage",
			Remedy: "get the file again if it can be had; else nothing is needed but to know that data are missing"},
		codeBadXML: {Again: everyLoad, Meaning: "the document ends early or is not well formed; what came before the fault was loaded",
			Cause:  "a download that was cut off, or a program that writes broken XML",
			Remedy: "get the document again, and load it"},
		codeBadMetadata: {Again: everyLoad, Meaning: "the file was read, and something in it was left out or is doubtful; the rest was loaded",
			Cause:  "missing or impossible values, or references to what the file does not have",
			Remedy: "correct what the message names, or ask the file's source for a better one, and load it again"},
	}
}
