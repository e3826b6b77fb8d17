package job

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/seisbatch/seisbatch/cmd/internal/sniff"
	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform/archive"
	"github.com/seisbatch/seisbatch/waveform/mseed"
	"github.com/seisbatch/seisbatch/waveform/sac"
)

// fileRow is the row of a file as it was read.
func (s *scanned) fileRow() db.File {
	ix := &s.index
	var row db.File
	switch {
	case errors.Is(s.err, errMetadata):
		return s.row("", codeUnsupported, s.what.Explanation()+"; this command reads miniSEED, SAC and wfdisc tables of CSS 3.0")
	case s.isForeign():
		return s.row("", codeUnsupported, fmt.Sprintf("%s: %v; or remove it from the table", s.table, s.err))
	case s.table != "" && errors.Is(s.err, fs.ErrNotExist):
		return s.row("", codeMissing, fmt.Sprintf("%s names the file, and it is not there: put it there, or correct or remove its rows; want dir, from the table's folder on, and dfile", s.table))
	case s.err != nil:
		return s.unreadable(s.err)
	case s.size == 0:
		row = s.row("", codeEmpty, "the file is empty; get it again")
	case ix.BadCount == 0 && ix.Records == 0:
		row = s.row("", codeNotMiniSEED, "the file has headers of a SEED volume, or blank records, and no data; remove it from the archive or get it again"+s.seedAdvice())
	case ix.BadCount == 0:
		row = s.row(string(ix.Format), "", "")
	case s.table != "" && strings.HasPrefix(string(ix.Format), "css/"):
		row = s.row(string(ix.Format), codeBadRecord, fmt.Sprintf("%d of %d rows of %s do not fit, the first: %v; what is there is used; get the file again, or correct the table",
			ix.BadCount, max(ix.Records, ix.BadCount), s.table, ix.Bad[0].Err))
	case ix.Format == archive.SAC:
		row = s.row(string(ix.Format), sacCode(ix), sacMessage(ix))
	case ix.Records == 0:
		row = s.row("", notMiniSEED(ix), s.foreignMessage())
	default:
		row = s.row(string(ix.Format), codeBadRecord, fmt.Sprintf("%d of %d records or stretches are damaged, the first: %v; the others are used; get the file again if it can be had",
			ix.BadCount, ix.Records+ix.BadCount, ix.Bad[0]))
	}
	row.ContentHash = ix.ContentHash[:]
	return row
}

func notMiniSEED(ix *archive.Index) string {
	for _, b := range ix.Bad {
		if errors.As(b, new(*mseed.UnsupportedVersionError)) || errors.As(b, new(*mseed.UnsupportedEncodingError)) {
			return codeUnsupported
		}
	}
	for _, b := range ix.Bad {
		if errors.Is(b, mseed.ErrIntegrity) || errors.Is(b, mseed.ErrTruncated) && b.Length >= 48 {
			return codeBadRecord
		}
	}
	return codeNotMiniSEED
}

// foreignMessage says what a file without a usable record is.
func (s *scanned) foreignMessage() string {
	switch s.what.Kind {
	case sniff.Unknown, sniff.MiniSEED:
		return fmt.Sprintf("no usable miniSEED record: %v; remove the file from the archive or get it again", s.index.Bad[0])
	}
	remove := "; remove it from the archive"
	if s.what.Advice() != "" {
		remove = "; or remove it from the archive"
	}
	return "no waveforms: " + s.what.Explanation() + remove
}

// seedAdvice says where the headers of a SEED volume are of use.
func (s *scanned) seedAdvice() string {
	if s.what.Kind == sniff.SEED {
		return "; " + s.what.Advice()
	}
	return ""
}

// sacCode is the code of a SAC file with a fault.
func sacCode(ix *archive.Index) string {
	switch err := ix.Bad[0].Err; {
	case errors.Is(err, archive.ErrNotCounts), errors.As(err, new(*sac.NotSeriesError)), errors.As(err, new(*sac.UnsupportedVersionError)):
		return codeUnsupported
	}
	return codeBadRecord
}

func sacMessage(ix *archive.Index) string {
	err := ix.Bad[0].Err
	switch {
	case errors.Is(err, archive.ErrNotCounts):
		return fmt.Sprintf("%v: only counts can be corrected for their instrument; if they are counts, set IDEP to IUNKN, else remove the file from the archive", err)
	case ix.Records > 0:
		return fmt.Sprintf("%v; what is there is used; get the file again", err)
	}
	return fmt.Sprintf("%v; remove the file from the archive or get it again", err)
}
