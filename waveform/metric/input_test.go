package metric

// quake gives n samples of noise that rises and falls like an earthquake, made of
// additions, multiplications and divisions alone, so that the script of the golden file
// makes the very same bits.
func quake(n int, seed uint64) []float64 {
	x := make([]float64, n)
	state, last := seed, 0.0
	for i := range x {
		state = state*6364136223846793005 + 1442695040888963407
		noise := float64(state>>11)/(1<<53) - 0.5
		last = float64(0.6*last) + noise // a little redder than white
		at := 8 * float64(i) / float64(n)
		square := at * at
		x[i] = last * (0.01 + square/(1+float64(square*square)))
	}
	return x
}
