package mtp_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/seisbatch/seisbatch/mtp"
)

func ExampleMap() {
	square := func(_ context.Context, n int) (int, error) { return n * n, nil }
	squares := mtp.Map(mtp.FromSlice([]int{1, 2, 3, 4, 5}), square, mtp.Options{Ordered: true})
	for n, err := range squares(context.Background()) {
		fmt.Println(n, err)
	}
	// Output:
	// 1 <nil>
	// 4 <nil>
	// 9 <nil>
	// 16 <nil>
	// 25 <nil>
}

func ExamplePipeline() {
	p := &mtp.Pipeline[int, int]{
		Input: mtp.FromSlice([]int{0, 1, 2, 3, 4, 5, 6, 7}),
		Work: func(_ context.Context, n int) (int, error) {
			switch n {
			case 3:
				return 0, errors.New("three is broken")
			case 5:
				return 0, mtp.ErrSkip
			}
			return n * n, nil
		},
		Output: func(_ context.Context, batch []int) error {
			fmt.Println(batch)
			return nil
		},
		BatchSize: 4,
		Options:   mtp.Options{Name: "square", Workers: 4, Ordered: true},
	}
	stats, err := p.Run(context.Background())
	fmt.Printf("read %d, written %d, failed %d, skipped %d, error %v\n",
		stats.Read, stats.Written, stats.Failed, stats.Skipped, err)
	fmt.Println(stats.Errors[0])
	// Output:
	// [0 1 4 16]
	// [36 49]
	// read 8, written 6, failed 1, skipped 1, error <nil>
	// stage "square": item 3: three is broken
}

func ExampleBatch() {
	for batch, err := range mtp.Batch(mtp.FromSlice([]int{1, 2, 3, 4, 5}), 2, 0)(context.Background()) {
		fmt.Println(batch, err)
	}
	// Output:
	// [1 2] <nil>
	// [3 4] <nil>
	// [5] <nil>
}
