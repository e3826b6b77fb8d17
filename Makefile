# seisbatch: make help lists the targets.

GO          ?= go
BIN         := bin/seisbatch
STATICCHECK := $(GO) run honnef.co/go/tools/cmd/staticcheck@v0.8.2
FUZZTIME    ?= 10s
# A module of its own, so that who uses mtp does not download its peers.
PEERS       := mtp/bench
export CGO_ENABLED = 0

.DEFAULT_GOAL := help

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: ## build bin/seisbatch
	$(GO) build -o $(BIN) ./cmd/seisbatch

.PHONY: demo
demo: server build ## the two-minute tour: a small archive is made, loaded, processed and shown
	$(BIN) demo

.PHONY: test
test: server ## all tests; a PostgreSQL server is installed where none is found
	$(GO) build ./...
	$(GO) test -timeout 20m ./...
	cd $(PEERS) && $(GO) test ./...

.PHONY: lint
lint: ## gofmt, go vet and staticcheck
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); echo 'run gofmt -w on these'; exit 1; }
	$(GO) vet ./...
	$(STATICCHECK) ./...
	cd $(PEERS) && $(GO) vet ./... && $(STATICCHECK) ./...

# Of the job, the tests in which goroutines or processes meet; all of them take minutes under the detector.
RACE_JOB := Stopped|Cancelled|During|Refused|Waits|Dead|GoingAway|Workers|GoesOn|NotAnswered|FilesThat

.PHONY: race
race: server ## the tests of everything concurrent under the race detector; needs a C compiler
	CGO_ENABLED=1 $(GO) test -race -timeout 20m -skip TestSeededFaults ./mtp/ ./waveform/... ./db/
	CGO_ENABLED=1 $(GO) test -race -timeout 20m -run '$(RACE_JOB)' ./cmd/internal/job/

# Target and package of each fuzz test.
FUZZ := FuzzReader:./waveform/mseed FuzzVersion3:./waveform/mseed FuzzRead:./waveform/stationxml FuzzRead:./waveform/quakeml FuzzParse:./waveform/recipe \
	FuzzTimeline:./waveform/archive FuzzRead:./waveform/sac FuzzReadChannels:./waveform/sac FuzzRead:./waveform/resp FuzzRead:./waveform/eventtext FuzzRead:./waveform/css \
	FuzzReviewFile:./cmd/internal/job \
	FuzzDatabase:./waveform/css FuzzDecode:./waveform/response FuzzCheck:./waveform/response

.PHONY: fuzz
fuzz: ## fuzz each reader for FUZZTIME (10s)
	@GO=$(GO) sh .ci/fuzz $(FUZZTIME) $(FUZZ)

.PHONY: check
check: lint test race fuzz ## exactly what CI runs

.PHONY: agreement
agreement: ## compare waveform with its references, and write the table of waveform/README.md
	$(GO) run ./waveform/internal/agreement

.PHONY: bench
bench: server build ## event windows a second, MB/s, memory, and the ratio to ObsPy where Python has it
	$(GO) run ./cmd/internal/bench -seisbatch $(BIN)

.PHONY: bench-mtp
bench-mtp: ## mtp against hand-written pools and other libraries: the tables of mtp/README.md
	cd $(PEERS) && $(GO) run .

.PHONY: soak
soak: server ## 100 kills of the program and of the server, and 5 minutes of each fuzz target
	SEISBATCH_KILLS=100 $(GO) test -count=1 -timeout 3h -v -run Kill ./cmd/internal/...
	$(MAKE) fuzz FUZZTIME=5m

.PHONY: server
server:
	@sh .ci/postgresql

.PHONY: clean
clean: ## remove what make made
	rm -rf bin
