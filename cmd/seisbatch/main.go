// Command seisbatch measures the waveforms of earthquakes, from and to PostgreSQL.
package main

import (
	"os"

	"github.com/seisbatch/seisbatch/cmd/program"
	"github.com/seisbatch/seisbatch/waveform/recipe"
)

func main() { os.Exit(program.Main(recipe.Language{})) }
