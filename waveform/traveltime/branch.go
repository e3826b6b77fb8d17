package traveltime

import (
	"math"
	"sort"
)

// branch is the table of a phase: rays by falling ray parameter, that is, by growing
// depth of their turning point.
type branch struct {
	column  column
	turning int // the first layer in which its rays may turn
	nodes   []node
	runs    []run
	levels  int    // layers a source may be in
	above   []node // [level*len(nodes) + i], see at
}

// node is a ray: parameter (s/rad), distance (rad) and delay t - p x (s). In
// branch.nodes it goes from the surface to the surface.
type node struct {
	p, x, tau float64
}

// run is nodes from and to and those between, with turning points in layers without
// a step of velocity between them, on which distance only rises (forward) or only falls
// for a source at the surface.
type run struct {
	from, to int
	forward  bool
}

// fineness is the step of the table in distance, rad.
const fineness = 0.3 * math.Pi / 180

// newBranch tabulates the rays that turn in layers turning and below, of a parameter
// of at most limit, for sources down to deepest (radius, m).
func newBranch(c column, turning int, limit, deepest float64) *branch {
	b := &branch{column: c, turning: turning}
	start := 0
	for i, l := range c[turning:] {
		if l.etaBottom >= limit {
			continue
		}
		b.tabulate(min(l.etaTop, limit), l.etaBottom)
		if j := turning + i + 1; j == len(c) || c[j].etaTop != l.etaBottom {
			b.add(l.etaBottom)
			b.split(start, len(b.nodes)-1)
			start = len(b.nodes)
		}
	}
	for b.levels < len(c) && c[b.levels].top >= deepest {
		b.levels++
	}
	b.prepare()
	return b
}

func (b *branch) add(p float64) {
	x, tau := b.column.half(p)
	b.nodes = append(b.nodes, node{p: p, x: 2 * x, tau: 2 * tau})
}

// tabulate adds rays that turn in a layer, bottom excluded. Just below its top the distance
// goes as the square root of the change of p, so the steps are even in that root.
func (b *branch) tabulate(top, bottom float64) {
	b.add(top)
	x, _ := b.column.half(bottom)
	n := max(3, int(math.Ceil(math.Abs(2*x-b.nodes[len(b.nodes)-1].x)/fineness)))
	for i := 1; i < n; i++ {
		u := float64(i) / float64(n)
		b.add(top - (top-bottom)*u*u)
	}
}

// split cuts nodes from to to into runs. The backward ones of the core are left out: its
// rays leave all sources too steeply to make forward what is backward from the surface, and
// backward rays are never the first.
func (b *branch) split(from, to int) {
	for i := from; i < to; {
		forward := b.nodes[i+1].x > b.nodes[i].x
		j := i + 1
		for j < to && (b.nodes[j+1].x > b.nodes[j].x) == forward {
			j++
		}
		if forward || b.turning == 0 {
			b.runs = append(b.runs, run{from: i, to: j, forward: forward})
		}
		i = j
	}
}

// prepare tabulates, for each node and each layer that a source may be in, the ray
// from the surface to the top of that layer plus what at needs of the layer itself.
func (b *branch) prepare() {
	b.above = make([]node, b.levels*len(b.nodes))
	for i, n := range b.nodes {
		var x, tau float64
		for j, l := range b.column[:b.levels] {
			if n.p > l.etaTop {
				break // turns above
			}
			lx, lt := integral(l.etaTop, n.p)
			x, tau = x+l.k*lx, tau+l.k*lt
			b.above[j*len(b.nodes)+i] = node{x: x, tau: tau}
			if n.p > l.etaBottom {
				break
			}
			lx, lt = integral(l.etaBottom, n.p)
			x, tau = x-l.k*lx, tau-l.k*lt
		}
	}
}

// at gives node i for a source at a focus that the ray passes: less the part of the ray
// between the surface and the source. Distance then falls faster with p
// than it does for a source at the surface, so a forward run stays forward.
func (b *branch) at(s focus, i int) node {
	n, a := b.nodes[i], b.above[s.level*len(b.nodes)+i]
	x, tau := integral(s.eta, n.p)
	return node{p: n.p, x: n.x - (a.x - s.k*x), tau: n.tau - (a.tau - s.k*tau)}
}

// first gives the earliest time at distance d (rad) of the rays that leave the focus
// downwards, +Inf if there is none.
func (b *branch) first(s focus, d float64) float64 {
	t := math.Inf(1)
	for _, r := range b.runs {
		if b.nodes[r.to].p > s.eta {
			continue // turns above the source
		}
		from := r.from
		if b.nodes[from].p > s.eta {
			from += sort.Search(r.to-from, func(i int) bool { return b.nodes[from+i].p <= s.eta })
			t = min(t, between(b.horizontal(s), b.at(s, from), d))
		}
		if r.forward {
			t = min(t, b.seek(s, from, r.to, d))
		} else {
			t = min(t, b.scan(s, from, r.to, d))
		}
	}
	return t
}

// horizontal is the ray that leaves the source horizontally.
func (b *branch) horizontal(s focus) node {
	x, tau, _ := b.column.up(s, s.eta)
	return node{p: s.eta, x: x, tau: tau}
}

// seek bisects nodes of rising distance.
func (b *branch) seek(s focus, from, to int, d float64) float64 {
	low, high := b.at(s, from), b.at(s, to)
	if d < low.x-rounding || d > high.x+rounding {
		return math.Inf(1)
	}
	for to-from > 1 {
		middle := (from + to) / 2
		if n := b.at(s, middle); n.x <= d {
			from, low = middle, n
		} else {
			to, high = middle, n
		}
	}
	return between(low, high, d)
}

// scan looks at all pairs of neighbours: near the source part of a run whose distance
// falls for a source at the surface rises.
func (b *branch) scan(s focus, from, to int, d float64) float64 {
	t := math.Inf(1)
	last := b.at(s, from)
	for i := from + 1; i <= to; i++ {
		next := b.at(s, i)
		t = min(t, between(last, next, d))
		last = next
	}
	return t
}

// rounding of distances, rad.
const rounding = 1e-12

// between gives the time at d from two rays of rising distance around it, by the cubic
// with their times and slopes dt/dx = p; else +Inf.
func between(a, b node, d float64) float64 {
	width := b.x - a.x
	if !(width > 0) || d < a.x-rounding || d > b.x+rounding {
		return math.Inf(1)
	}
	u := (d - a.x) / width
	v := 1 - u
	ta, tb := a.tau+a.p*a.x, b.tau+b.p*b.x
	return ta*v*v*(1+2*u) + tb*u*u*(1+2*v) + width*u*v*(a.p*v-b.p*u)
}
