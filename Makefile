GO ?= go

.PHONY: build test lint ci docs faults fuzz soak tokens bench clean

build: ## bin/vpsnet-mcp
	$(GO) build -trimpath -ldflags "-s -w" -o bin/ .

test: ## all tests, under the race detector
	$(GO) test -race -shuffle=on ./...

lint: ## golangci-lint, as .ci/run pins it
	PATH="$(CURDIR)/.tools:$$($(GO) env GOPATH)/bin:$$PATH" golangci-lint run ./...

ci: ## everything that must hold before a change lands
	bash .ci/run

docs: ## the README's table of tools, and the published tools' golden files
	$(GO) test ./internal/cli -run TestReadme -update
	$(GO) test ./tools -run TestGolden -update

faults: ## the table of docs/reliability.md: every fault by every class of safety
	$(GO) test ./tools -run TestReliabilityTable -update

FUZZTIME ?= 2m
fuzz: ## each fuzz target for FUZZTIME
	FUZZTIME=$(FUZZTIME) bash scripts/fuzz.sh

SOAK ?= 2m
soak: ## the binary under load and faults for SOAK; PAGE=docs/reliability.md keeps the figures
	bash scripts/soak.sh $(SOAK) $(PAGE)

tokens: ## what a model is given, in tokens
	bash scripts/tokens.sh

bench: ## time and memory of a call, of a start, and of the parts
	$(GO) test -run '^$$' -bench . -benchmem ./tools ./vpsapi ./schemas

clean:
	rm -rf bin dist
