GO ?= go

.PHONY: build test lint ci docs tokens bench dist clean

build: ## bin/vpsnet-mcp
	$(GO) build -trimpath -ldflags "-s -w" -o bin/ .

test: ## all tests, under the race detector
	$(GO) test -race -shuffle=on ./...

lint: ## golangci-lint, as .ci/run pins it
	PATH="$(CURDIR)/.tools:$$($(GO) env GOPATH)/bin:$$PATH" golangci-lint run ./...

ci: ## everything that must hold before a change lands
	bash .ci/run

docs: ## the table of tools in docs/tools.md, and the published tools' golden files
	$(GO) test ./internal/cli -run TestReadme -update
	$(GO) test ./tools -run TestGolden -update

tokens: ## what a model is given, in tokens
	bash scripts/tokens.sh

bench: ## time and memory of a call, of a start, and of the parts
	$(GO) test -run '^$$' -bench . -benchmem ./tools ./vpsapi ./schemas

dist: ## a release in dist/; CHECK=--check makes it twice and tries each part
	bash scripts/dist.sh $(CHECK)

clean:
	rm -rf bin dist
