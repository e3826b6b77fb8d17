package mtp

import "time"

// appetite is how much a worker takes at once: what it expects to finish in the time
// in which another worker could be woken. One that takes more keeps items from idle
// workers. It grows slowly and is gone after one big item.
type appetite struct {
	each  time.Duration // what an item takes, rather too much than too little
	taken int           // items in hand
	since int64         // when they were taken
}

const (
	mouthful  = 4 * time.Microsecond
	maxTaken  = 32
	forgetful = 8 // one part in forgetful is forgotten at a time
)

func (a *appetite) limit() int {
	if a.each*maxTaken <= mouthful {
		return maxTaken
	}
	return max(1, int(mouthful/a.each))
}

// begin notes that n items were taken now, 0 if the clock was not read.
func (a *appetite) begin(n int, now int64, m *workerMeter) {
	a.taken = n
	if n == 0 {
		return
	}
	if now == 0 && (a.telling() || !m.running()) {
		now = m.now()
	}
	a.since = now
	m.start(now)
}

// ate learns from the items in hand, which are done, and gives the time if it looked.
func (a *appetite) ate(m *workerMeter) (now int64) {
	if a.taken == 0 || !a.telling() {
		return 0
	}
	now = m.now()
	took := time.Duration(now-a.since) / time.Duration(a.taken)
	a.each = max(took, a.each-a.each/forgetful-1)
	return now
}

// telling says that the items in hand are worth a look at the clock: few of many
// that might have been are not.
func (a *appetite) telling() bool { return a.taken >= min(8, a.limit()) }
