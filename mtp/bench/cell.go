package main

import (
	"fmt"
	"regexp"
	"slices"
)

// A cell is one row of the result: a setting under which all contenders of one
// order are compared.
type cell struct {
	inOrder bool
	load    workload
	workers int
	ahead   int
}

// name is what -only matches, such as unordered/1us/64.
func (c cell) name() string {
	order := "unordered"
	if c.inOrder {
		order = "ordered"
	}
	return fmt.Sprintf("%s/%s/%d", order, c.load.name, c.ahead)
}

// cells gives all that only matches, unordered first.
func cells(workers, sleepers int, only *regexp.Regexp) []cell {
	var all []cell
	for _, inOrder := range []bool{false, true} {
		for _, load := range workloads {
			n := workers
			if load.asleep {
				n = sleepers
			}
			for _, ahead := range aheads(n) {
				c := cell{inOrder: inOrder, load: load, workers: n, ahead: ahead}
				if only.MatchString(c.name()) {
					all = append(all, c)
				}
			}
		}
	}
	return all
}

// aheads gives the bounds to look at: the default of mtp, a usual one and a wide one.
// None is below the number of workers, which would leave some idle.
func aheads(workers int) []int {
	list := []int{2 * workers, 64, 1024}
	slices.Sort(list)
	list = slices.Compact(list)
	return slices.DeleteFunc(list, func(n int) bool { return n < 2*workers })
}
