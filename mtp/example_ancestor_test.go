package mtp_test

import (
	"context"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"time"

	"github.com/seisbatch/seisbatch/mtp"
)

// The first example of SeisPy's MultiThreadProcess, from which this package takes its
// three parts: an input generator, a main function that takes its time, and an output
// function. Number of threads and sizes of queues are Workers, Ahead and BatchSize.
func ExamplePipeline_simple() {
	numbers := func(yield func(int) bool) {
		for n := range 100 {
			if !yield(n) {
				return
			}
		}
	}
	square := func(_ context.Context, n int) (int, error) {
		time.Sleep(rand.N(time.Millisecond))
		return n * n, nil
	}
	show := func(_ context.Context, squares []int) error {
		_, err := fmt.Println(squares)
		return err
	}
	p := &mtp.Pipeline[int, int]{
		Input: mtp.FromSeq(numbers), Work: square, Output: show, BatchSize: 20,
		Options: mtp.Options{Workers: 8, Ahead: 50, Ordered: true},
	}
	stats, err := p.Run(context.Background())
	fmt.Println(stats.Read, "read,", stats.Written, "written, error:", err)
	// Output:
	// [0 1 4 9 16 25 36 49 64 81 100 121 144 169 196 225 256 289 324 361]
	// [400 441 484 529 576 625 676 729 784 841 900 961 1024 1089 1156 1225 1296 1369 1444 1521]
	// [1600 1681 1764 1849 1936 2025 2116 2209 2304 2401 2500 2601 2704 2809 2916 3025 3136 3249 3364 3481]
	// [3600 3721 3844 3969 4096 4225 4356 4489 4624 4761 4900 5041 5184 5329 5476 5625 5776 5929 6084 6241]
	// [6400 6561 6724 6889 7056 7225 7396 7569 7744 7921 8100 8281 8464 8649 8836 9025 9216 9409 9604 9801]
	// 100 read, 100 written, error: <nil>
}

// steps counts from start towards stop, which it does not reach.
func steps(start, stop, step float64) iter.Seq[float64] {
	return func(yield func(float64) bool) {
		for x := start; x < stop; x += step {
			if !yield(x) {
				return
			}
		}
	}
}

// shifted gives (x + shift)^power.
func shifted(shift, power float64) mtp.Work[float64, float64] {
	return func(_ context.Context, x float64) (float64, error) { return math.Pow(x+shift, power), nil }
}

// The second one gives arguments to the parts, for which the ancestor has six bags of
// positional and keyword arguments. Here an argument is a parameter of the function
// that makes the part, and has a name and a type.
func ExamplePipeline_intermediate() {
	label := "(x+15)^2:"
	p := &mtp.Pipeline[float64, float64]{
		Input: mtp.FromSeq(steps(-100, 100, 5)),
		Work:  shifted(15, 2),
		Output: func(_ context.Context, batch []float64) error {
			_, err := fmt.Println(label, batch)
			return err
		},
		BatchSize: 10,
		Options:   mtp.Options{Workers: 4, Ordered: true},
	}
	if _, err := p.Run(context.Background()); err != nil {
		fmt.Println(err)
	}
	// Output:
	// (x+15)^2: [7225 6400 5625 4900 4225 3600 3025 2500 2025 1600]
	// (x+15)^2: [1225 900 625 400 225 100 25 0 25 100]
	// (x+15)^2: [225 400 625 900 1225 1600 2025 2500 3025 3600]
	// (x+15)^2: [4225 4900 5625 6400 7225 8100 9025 10000 11025 12100]
}
