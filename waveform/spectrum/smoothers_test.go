package spectrum

import "testing"

// 20 centres and 65 or 33 bins are 11200 and 6080 bytes.
func TestSmoothersForgetTheOneUnusedForLongest(t *testing.T) {
	many, err := NewSmoothers(SmootherOptions{Count: 20})
	if err != nil {
		t.Fatal(err)
	}
	many.limit = 20000
	get := func(nfft int) *Smoother {
		s, err := many.Smoother(nfft, 1)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	small, large := get(64), get(128)
	if get(64) != small || get(128) != large {
		t.Error("forgotten without need")
	}
	get(64)
	get(66)
	if get(64) != small {
		t.Error("what was used last is forgotten")
	}
	if get(128) == large {
		t.Error("more is kept than the limit")
	}
	get(4096)
	if many.kept[0].nfft != 4096 || len(many.kept) != 1 || many.bytes != many.kept[0].bytes() {
		t.Errorf("%d kept in %d bytes: the newest should be alone", len(many.kept), many.bytes)
	}
}
