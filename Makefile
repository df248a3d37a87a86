# Every target prints its verdict as its last line and exits non-zero when it falls short.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

export CGO_ENABLED := 0
TAGS := nodynamic
ADDR ?= 127.0.0.1:8080
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo development)
BUILD := go build -trimpath -tags $(TAGS) -ldflags "-s -w -X main.version=$(VERSION)"

.PHONY: help
help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build
build: ## build bin/verinym, one static binary
	@$(BUILD) -o bin/verinym ./cmd/verinym
	@echo "build: bin/verinym, $$(du -h bin/verinym | cut -f1)"

.PHONY: ocr
ocr: ## build bin/verinym-ocr, which reads documents, and fetch its models (needs npm and a C compiler)
	@ocr/fetch.sh bin/ocr-models
	@cd ocr && export CGO_ENABLED=1 && go vet . && go test . >/dev/null && go build -trimpath -ldflags "-s -w" -o ../bin/verinym-ocr .
	@echo "ocr: bin/verinym-ocr, $$(du -sh bin/ocr-models | cut -f1) of models and runtime beside it; the sample cards were read"

.PHONY: demo
demo: build ## run everything embedded with sample accounts and data, until Ctrl-C (ADDR=HOST:PORT)
	@./bin/verinym demo --addr $(ADDR)

.PHONY: tour
tour: build ## walk the whole journey and read every state back
	@./bin/verinym tour

.PHONY: tools
tools: ## install what the tests need (Debian; says so elsewhere)
	@test/install.sh

.PHONY: test
test: tools ## run the tests, on SQLite and PostgreSQL
	@go run ./test/cluster/run -- go test -timeout 30m -tags $(TAGS) ./...
	@echo "test: passed"

.PHONY: race
race: tools ## run the tests with the race detector (needs a C compiler)
	@CGO_ENABLED=1 go run ./test/cluster/run -- go test -race -timeout 30m -tags $(TAGS) ./...
	@echo "race: passed"

.PHONY: generate
generate: ## regenerate what is generated
	@go tool templ generate -path internal/console >/dev/null

.PHONY: assets
assets: ## build the console's stylesheet, scripts and icons from pinned packages (needs npm)
	@cd internal/console/assets && npm install --no-save --no-audit --no-fund --ignore-scripts --silent && npm run --silent build
	@echo "assets: app.css is $$(gzip -9c internal/console/static/app.css | wc -c) bytes packed"

.PHONY: check
check: ## format, vet, staticcheck, floors, generated files fresh
	@test -z "$$(gofmt -l . | tee /dev/stderr)" || { echo "check: gofmt would change the files above"; exit 1; }
	@go vet -tags $(TAGS) ./...
	@go tool staticcheck -tags $(TAGS) ./...
	@$(MAKE) --no-print-directory generate
	@git diff --exit-code --stat -- '*_templ.go' || { echo "check: generated files were stale; commit them"; exit 1; }
	@go test -timeout 30m -tags $(TAGS) ./test/house
	@echo "check: passed"

.PHONY: bench
bench: build tools ## measure, as paired ratios in one run; writes bench/results.json (BENCH_NAMES=n domains, BENCH_MEMORY=n,n domains, BENCH_PROFILES=n, BENCH_ONLY=screening,durable parts)
	@go run -tags $(TAGS) ./test/bench

.PHONY: exactly-once
DOMAINS ?= 20000
SEED ?= 1
exactly-once: build ## associate domains through every fault and kill -9, and show that nothing is lost or done twice (DOMAINS=n SEED=n)
	@go run -tags $(TAGS) ./test/exactlyonce --domains $(DOMAINS) --seed $(SEED)

PROFILES ?= 500
NAMES ?= 5000
DAYS ?= 90
.PHONY: simulate
simulate: ## ninety days of a registrar on a clock that is moved by hand; every answer compared with everybody's books (PROFILES=n NAMES=n DAYS=n SEED=n)
	@go build -tags $(TAGS) -o bin/simulate ./test/simulate/cmd/simulate
	@bin/simulate --days $(DAYS) --profiles $(PROFILES) --domains $(NAMES) --seed $(SEED)

.PHONY: simulate-bugs
simulate-bugs: build ## put in twenty bugs on purpose, one after the other, and see that the simulation catches each by name
	@go build -tags $(TAGS),seededbugs -o bin/simulate-bugs ./test/simulate/cmd/simulate
	@bin/simulate-bugs --bugs --profiles 40 --domains 200 --seed $(SEED) --clean bin/verinym

.PHONY: accuracy
accuracy: tools ## score screening against the labelled set, which it makes first
	@go run -tags $(TAGS) ./test/pictures/cmd/accuracy

.PHONY: reading
reading: ocr ## measure how much of 123 drawn documents is read, by both engines (needs tesseract and an hour)
	@go run ./test/pictures/cmd/pictures set -good -half validation -seed 5 tmp/reading
	@go run -tags $(TAGS) ./test/pictures/cmd/reading -engine bin/verinym-ocr tmp/reading
	@go run -tags $(TAGS) ./test/pictures/cmd/reading -engine tesseract tmp/reading
	@echo "reading: measured"

.PHONY: screenshots
screenshots: build tools assets ## take a picture of every page of the console and have axe-core look at it (needs npm and Chromium)
	@go run -tags $(TAGS) ./test/screenshots

.PHONY: fuzz
fuzz: ## fuzz every parser for ten seconds each
	@test/fuzz.sh 10s
	@echo "fuzz: passed"
