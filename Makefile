# Dabba. `make run` shows a living city, `make test` proves everything. Both say what is missing before they start.
.DEFAULT_GOAL := help
.PHONY: help run test check build web dev fmt figures clean

CARGO ?= cargo
NPM ?= npm
DIST := web/dist/index.html
WEB_SOURCES := $(filter-out web/dist/%,$(shell find web/src web/build web/public web/*.ts web/*.html web/*/index.html -type f 2>/dev/null))

help: ## Show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

run: build ## Build everything and start a demo city on http://127.0.0.1:8000
	target/release/dabba demo

build: web ## Build the faces and the release binary (target/release/dabba)
	@scripts/toolchain rust
	$(CARGO) build --release --locked --bin dabba

web: $(DIST) ## Build the faces

web/node_modules/.installed: web/package.json web/package-lock.json
	@scripts/toolchain node
	cd web && $(NPM) ci --no-audit --no-fund
	@touch $@

$(DIST): web/node_modules/.installed $(WEB_SOURCES)
	cd web && $(NPM) run build
	@touch $@

test: ## Everything that must hold: format, lints, tests on SQLite and PostgreSQL, web checks, browser tests
	scripts/test

check: test ## The same as `make test`; CI runs exactly this

dev: web/node_modules/.installed ## Server and faces with reload; faces on http://127.0.0.1:5173
	scripts/dev

fmt: ## Format the Rust code
	$(CARGO) fmt

figures: build ## Measure the store and the server on this machine
	scripts/figures

clean: ## Remove what was built
	$(CARGO) clean
	rm -rf web/dist web/node_modules web/api-types/node_modules
