package figure

import (
	"math"

	"gonum.org/v1/plot/vg"
)

// columnWidth is the finest horizontal detail of a trace: about one pixel of the PNG.
const columnWidth = vg.Length(0.6)

// plane places values on the page.
type plane struct {
	time, value axis
	scale       float64 // from data to the value axis
	box         vg.Rectangle
}

func (p plane) x(t float64) vg.Length { return p.time.on(t, p.box.Min.X, p.box.Max.X) }
func (p plane) y(v float64) vg.Length {
	return p.value.on(v*p.scale, p.box.Min.Y, p.box.Max.Y)
}

// lines turns pieces, in order of time, to polylines. Many samples become the
// least and the greatest of each column, in the order they occur, so that every
// peak stays and the number of points is bounded by the width of the plane. A
// line ends at a gap or at samples that cannot be drawn; in data so dense, only
// where they leave a column empty.
func (p plane) lines(pieces []series) [][]vg.Point {
	total := 0
	for _, s := range pieces {
		total += len(s.data)
	}
	columns := float64((p.box.Max.X - p.box.Min.X) / columnWidth)
	pen := pen{plane: p, dense: float64(total) > 2*columns, column: -1}
	for _, s := range pieces {
		pen.lift()
		for i, v := range s.data {
			if !drawable(v) {
				pen.lift()
				continue
			}
			pen.add(s.start+float64(i)*s.step, v)
		}
	}
	pen.flush()
	return pen.lines
}

// pen draws samples in order of time.
type pen struct {
	plane    plane
	dense    bool
	lines    [][]vg.Point
	column   int // the one being gathered, -1 before the first sample
	least    sample
	greatest sample
	lifted   bool
	broken   bool // the column being gathered begins a line
}

// sample is a value at a time.
type sample struct{ at, value float64 }

// lift says that the next sample does not follow the one before.
func (n *pen) lift() { n.lifted = true }

// add takes the next sample in.
func (n *pen) add(at, v float64) {
	x := n.plane.x(at)
	column := max(n.column, int(math.Floor(float64((x-n.plane.box.Min.X)/columnWidth))))
	s := sample{at, v}
	if n.column >= 0 && n.dense && column == n.column {
		if v < n.least.value {
			n.least = s
		}
		if v > n.greatest.value {
			n.greatest = s
		}
		n.lifted = false
		return
	}
	before := n.column
	n.flush()
	n.broken = before < 0 || n.lifted && (!n.dense || column-before > 1)
	n.column, n.least, n.greatest, n.lifted = column, s, s, false
}

// flush adds the gathered column to its line.
func (n *pen) flush() {
	if n.column < 0 {
		return
	}
	if n.broken {
		n.lines = append(n.lines, nil)
	}
	n.broken = false
	first, second := n.least, n.greatest
	if second.at < first.at {
		first, second = second, first
	}
	last := &n.lines[len(n.lines)-1]
	*last = append(*last, n.point(first))
	if second != first {
		*last = append(*last, n.point(second))
	}
}

// point is a sample's place to a hundredth of a point, which keeps an SVG short.
func (n *pen) point(s sample) vg.Point {
	round := func(l vg.Length) vg.Length { return vg.Length(math.Round(float64(l)*100) / 100) }
	return vg.Point{X: round(n.plane.x(s.at)), Y: round(n.plane.y(s.value))}
}

// pathOf is the path of polylines; a lone point becomes a dash.
func pathOf(lines [][]vg.Point) vg.Path {
	const half = vg.Length(0.5)
	var path vg.Path
	for _, l := range lines {
		if len(l) == 1 {
			path.Move(vg.Point{X: l[0].X - half, Y: l[0].Y})
			path.Line(vg.Point{X: l[0].X + half, Y: l[0].Y})
			continue
		}
		path.Move(l[0])
		for _, pt := range l[1:] {
			path.Line(pt)
		}
	}
	return path
}
