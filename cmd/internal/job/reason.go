package job

import (
	"bytes"

	"github.com/seisbatch/seisbatch/waveform/recipe"
)

// Reason is why an item is due. The texts are promised to scripts.
type Reason string

// The reasons. An item that has several is counted for the first of this list.
const (
	NeverDone        Reason = "never_done"
	AlgorithmChanged Reason = "algorithm" // a new version of seisbatch computes something else
	RecipeChanged    Reason = "recipe"
	FailedBefore     Reason = "failed_before" // with a code that may pass by itself, or one of a retry
	ReviewChanged    Reason = "review"
	MetadataChanged  Reason = "metadata"
	OriginChanged    Reason = "origin" // hypocentre, time or magnitude; or picks, of an item for which the two cannot be told apart
	PicksChanged     Reason = "picks"  // the arrivals that P and S are taken from
	DataChanged      Reason = "data"
	Forced           Reason = "forced"
)

// Reasons lists them in their order.
var Reasons = []Reason{NeverDone, AlgorithmChanged, RecipeChanged, FailedBefore, ReviewChanged, MetadataChanged, OriginChanged, PicksChanged, DataChanged, Forced}

// reason says why an item is due. What has failed in a run or a retry of its code is due
// for that, whatever else has changed. The fingerprint of data that were not read is nil.
func (w *worker) reason(it *item, dataHash []byte) Reason {
	switch k := it.known; {
	case k == nil:
		return NeverDone
	case k.Algorithm != recipe.Algorithm:
		return AlgorithmChanged
	case !bytes.Equal(k.RecipeHash, w.hash[:]):
		return RecipeChanged
	case it.again || it.failedWith(w.retry):
		return FailedBefore
	case !bytes.Equal(k.ReviewHash, it.reviewHash):
		return ReviewChanged
	case !bytes.Equal(k.MetadataHash, it.metadata[:]):
		return MetadataChanged
	case !bytes.Equal(k.EventHash, it.eventHash[:]):
		if bytes.Equal(k.OriginHash, it.originHash[:]) {
			return PicksChanged
		}
		return OriginChanged
	case dataHash != nil && !bytes.Equal(k.DataHash, dataHash):
		return DataChanged
	}
	return Forced
}
