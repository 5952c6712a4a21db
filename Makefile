GO ?= go

.PHONY: messages record build test lint ci docs faults fuzz soak tokens bench requests module dist image clean

build: ## bin/vpsnet-mcp
	$(GO) build -trimpath -ldflags "-s -w" -o bin/ .

test: ## all tests, under the race detector
	$(GO) test -race -shuffle=on ./...

lint: ## golangci-lint, as .ci/run pins it
	PATH="$(CURDIR)/.tools:$$($(GO) env GOPATH)/bin:$$PATH" golangci-lint run ./...

ci: ## everything that must hold before a change lands
	bash .ci/run

docs: ## the table of tools in docs/tools.md, the golden files of published tools and of plans
	$(GO) test ./internal/cli -run TestReadme -update
	$(GO) test ./tools -run "TestGolden|TestBytes|TestPlans|TestRequests" -update

messages: ## every text that a person or a model may be shown, by room, with its file and line
	@$(GO) run ./scripts/messages

faults: ## the table of docs/evidence.md: every fault by every class of safety
	$(GO) test ./tools -run TestReliabilityTable -update

FUZZTIME ?= 2m
fuzz: ## each fuzz target for FUZZTIME
	FUZZTIME=$(FUZZTIME) bash scripts/fuzz.sh

SOAK ?= 2m
soak: ## the binary under load and faults for SOAK; PAGE=docs/evidence.md keeps the figures
	bash scripts/soak.sh $(SOAK) $(PAGE)

tokens: ## what a model is given, in tokens; also written into README.md and docs/tools.md
	UPDATE=1 bash scripts/tokens.sh

bench: build ## everything that docs/performance.md says, in about five minutes
	$(GO) build -trimpath -ldflags "-s -w" -o bin/ ./bench/ours ./bench/drive ./bench/bare
	bin/drive
	$(GO) test -run '^$$' -bench . -benchmem -benchtime 0.3s ./schemas ./internal/consent ./vpsapi ./tools

requests: ## what a person waits for: requests and seconds of typical calls to a service that takes 100 ms
	$(GO) run ./bench/requests

module: ## MODULE=github.com/owner/name: the path under which this module is published
	bash scripts/module.sh $(MODULE)

OWNER ?= OWNER
dist: ## a release in dist/, published by the GitHub account OWNER; CHECK=--check makes it twice and tries each part
	OWNER=$(OWNER) bash scripts/dist.sh $(CHECK)

record: build ## docs/demo.svg, the picture of README
	$(GO) run ./scripts/record

image: ## container images of the release in dist/, by buildah; CHECK=--check runs them
	bash scripts/image.sh $(CHECK)

clean:
	rm -rf bin dist
