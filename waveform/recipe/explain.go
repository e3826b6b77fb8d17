package recipe

import (
	"maps"
	"slices"
)

// Explanation says what a code means, where it comes from, and what mends it.
type Explanation struct{ Meaning, Cause, Remedy string }

// Explanation of the code; false of one that is not of this package.
func (c Code) Explanation() (Explanation, bool) {
	e, ok := explanations()[c]
	if advice := c.advice(); advice != "" { // what the messages say
		if e.Remedy != "" {
			advice += "; " + e.Remedy
		}
		e.Remedy = advice
	}
	return e, ok
}

// Codes lists the codes that have an explanation, sorted.
func Codes() []Code { return slices.Sorted(maps.Keys(explanations())) }

// explanations has, of codes with an advice, only what the remedy is beside it.
func explanations() map[Code]Explanation {
	return map[Code]Explanation{
		TooFar: {"the station is farther from the epicentre than the recipe measures an event of this magnitude",
			"nothing is wrong: at that distance the event is not expected to stand out of the noise",
			"none is needed; to measure farther, let a recipe reach farther (eligible.max_distance)"},
		NoData: {"there are no waveforms of the instrument in the window of the event",
			"the station was not recording or not sending, its data have not come yet, or the archive that holds them was not loaded",
			"none is needed, unless the data are to be had: get them and load the archive again, and the next run measures the item"},
		NoOrigin: {"the event has no origin, so that nothing is known of when and where it was",
			"the catalogue sent the event before it was located, or a QuakeML document without origins",
			"load the event again when it has an origin; one that never was is removed at its source"},
		NoMetadata: {"a channel has waveforms at the time of the event, and no metadata epoch that holds then",
			"the StationXML of a new station or instrument was not loaded, or its epochs begin too late or end too early",
			"get StationXML that covers the time, and load it with 'seisbatch load stations'"},
		NoResponse: {"the channel's epoch has no response stages, so that counts cannot become ground motion",
			"the StationXML was asked for at the level of channels (level=channel), or the network publishes no response",
			"a web service sends the stages with level=response; once they are loaded, the next run measures the item"},
		BadResponse: {"the channel has a response that cannot be evaluated",
			"a polynomial or otherwise unsupported stage, or stages whose numbers contradict one another",
			"'seisbatch check' names the contradictions; polynomial responses are not supported"},
		BadUnits: {"the channel's response is not one of displacement, velocity or acceleration",
			"the instrument measures something else, such as pressure or temperature, or its StationXML names wrong units", ""},
		Rejected: {"an analyst has rejected every component of the instrument for this event",
			"somebody looked at the data and found them not worth measuring: 'seisbatch review list' tells who, when and why",
			"none is needed; 'seisbatch review clear' takes the review back, and the next run measures the item"},
		BadReview: {"the review of the item has windows or corner frequencies that cannot be",
			"a reviewed window lies hours away from the origin, which may have moved since, or a corner is above what the data have",
			"'seisbatch review list' shows it"},
		Gap: {"data are missing inside a window that the recipe needs whole",
			"the digitizer or its telemetry was interrupted, or files of the archive are missing or late", ""},
		ShortWindow: {"the data begin too late, or end too early, for the least windows of the recipe",
			"the data of the next or the previous day are not loaded, the event is at the edge of what was recorded, or the latest data have not come yet", ""},
		RateChange: {"the sample rate changes inside a window",
			"the digitizer was set to another rate, or data of two channels have the same name", ""},
		BadRecord: {"a record inside a window is damaged, and without it the window is not whole",
			"the file was cut off or changed in transfer or storage",
			"get the file again from the data centre and load the archive again; 'seisbatch inspect FILE' shows the damage"},
		FileMissing: {"a file of the window is not there any more",
			"it was moved or deleted after the archive was loaded, or the disk or network folder that holds it is not mounted",
			"bring the file back, and 'seisbatch retry --code file_missing' tries at once; or load the archive again, which forgets the files that are gone; by itself such an item is tried more and more seldom"},
		UnreadableFile: {"a file of the window cannot be read",
			"the user of the program may not read it, the disk or network folder fails, or it has become shorter since the archive was loaded",
			"see to the permissions and the disk, and 'seisbatch retry --code unreadable_file' tries at once; by itself such an item is tried more and more seldom"},
		MissingChannel: {"a component of the instrument has no data, and the recipe does not measure the others without it (incomplete: fail)",
			"one channel was not recorded, not sent or not archived", ""},
		NotFinite: {"samples are NaN or infinite",
			"files of floating-point numbers that were written with such values, often where a gap was filled", ""},
		ProcessingError: {"a step or a measurement of the recipe cannot be carried out on these data",
			"corners above the Nyquist frequency, a filter that is not stable at the sample rate, or spectra that need too many points", ""},
		Crash: {"the program met a bug of its own in this item; the others are not touched by it",
			"a mistake in seisbatch, or in steps and measurements that a program added",
			"report it with the message, which holds the stack; 'seisbatch retry --code crash' tries with a version without the bug; by itself such an item is tried more and more seldom"},
	}
}
