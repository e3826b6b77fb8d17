package mtp

type kind uint8

const (
	absent  kind = iota // an empty place
	done                // out is the item's result
	failed              // err is this stage's
	skipped             // nothing to hand on
	passed              // err is from above
)

// mark is the index of an item and what became of it, in one word as there are many.
type mark int64

func (m mark) index() int64 { return int64(m >> 3) }
func (m mark) kind() kind   { return kind(m & 7) }

func marked(index int64, k kind) mark { return mark(index<<3) | mark(k) }

type result[T any] struct {
	out  T
	err  *ItemError
	mark mark
}

// order is a reorder buffer; the taker's.
type order[T any] struct {
	ring []result[T] // by index; a power of two that grows to what is in flight
	next int64       // index that is due
	take func([]result[T]) bool
}

// arrived keeps the results of run and has those taken that are due.
func (o *order[T]) arrived(run []result[T]) bool {
	for i := range run {
		index := run[i].mark.index()
		for index-o.next >= int64(len(o.ring)) {
			o.grow()
		}
		*o.place(index) = run[i]
		run[i] = result[T]{} // keeps nothing alive
	}
	for {
		due := o.due()
		if len(due) == 0 {
			return true
		}
		o.next += int64(len(due))
		if !o.take(due) {
			return false
		}
	}
}

func (o *order[T]) place(index int64) *result[T] { return &o.ring[index&int64(len(o.ring)-1)] }

func (o *order[T]) grow() {
	old := o.ring
	o.ring = make([]result[T], 2*len(old))
	for i := range old {
		if old[i].mark.kind() != absent {
			*o.place(old[i].mark.index()) = old[i]
		}
	}
}

// due gives results that are due, perhaps not all.
func (o *order[T]) due() []result[T] {
	from := int(o.next & int64(len(o.ring)-1))
	to := from
	for to < len(o.ring) && o.ring[to].mark.kind() != absent {
		to++
	}
	return o.ring[from:to]
}
