package main

import (
	"context"
	"fmt"

	"github.com/seisbatch/seisbatch/mtp"
)

func mtpUnordered(t task) { mtpMap(t, false) }

func mtpOrdered(t task) { mtpMap(t, true) }

func mtpMap(t task, inOrder bool) {
	work := func(_ context.Context, item int64) (int64, error) { return t.work(item), nil }
	opt := mtp.Options{Workers: t.workers, Ahead: t.ahead, Ordered: inOrder}
	for result, err := range mtp.Map(mtp.FromSeq(t.items), work, opt)(context.Background()) {
		if err != nil {
			panic(fmt.Sprintf("bench: mtp.Map failed where nothing can: %v", err))
		}
		t.take(result)
	}
}
