module github.com/seisbatch/seisbatch/mtp/bench

go 1.26.0

replace github.com/seisbatch/seisbatch => ../..

require (
	github.com/alitto/pond/v2 v2.7.1
	github.com/seisbatch/seisbatch v0.0.0-00010101000000-000000000000
	github.com/sourcegraph/conc v0.3.1-0.20240121214520-5f936abd7ae8
	golang.org/x/sync v0.24.0
)
