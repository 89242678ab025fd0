# make help tells the targets.
GO ?= go
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help build run test static race crash check bench bench-peer bench-paper papers docs tools clean

help: ## 列出可用的目标 · the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

build: ## 编译为 ./dossier · the program
	$(GO) build -trimpath -ldflags "-s -w" -o dossier ./cmd/dossier

run: ## 打开演示县 · the demo county, in the browser
	$(GO) run ./cmd/dossier serve --demo

# The binary of a test needs no debugger's tables: it is linked in half the time.
LINK = -ldflags=-w

test: tools ## 全部测试 · every test
	$(GO) test $(LINK) -timeout 20m ./...

# Reading, drawing and playing do one thing after another. What happens at the same time is in these rooms, and elsewhere in
# the tests that let several people, programs or servers act at once.
RACED = ./engine/alert ./engine/health ./store/...
AT_ONCE = AtOnce|HandOver|QueueIsFull|TwoPeople|Live|Stream|WhilePeopleType|Serv|Duty|Ticks|Relief

# What an office may run on. Nothing is linked against C; whether it compiles is told sooner without optimising.
QUICK = -gcflags='all=-N -l' -ldflags=-w
PLATFORMS = linux/amd64 linux/arm64 linux/loong64 windows/amd64 darwin/arm64

static: ## 各平台都编译得过 · it compiles for each platform, statically
	@for p in $(PLATFORMS); do CGO_ENABLED=0 GOOS=$${p%/*} GOARCH=$${p#*/} $(GO) build $(QUICK) -o /dev/null ./cmd/dossier || { echo "$$p does not compile" >&2; exit 1; }; done

race: tools ## 竞争检测：同时发生的事 · the race detector, over what happens at the same time
	$(GO) test $(LINK) -race -short -timeout 40m $(RACED)
	$(GO) test $(LINK) -race -timeout 30m -run '$(AT_ONCE)' ./engine/... ./web ./cmd/dossier

crash: tools ## 办理当中断电一千次，每次备份、恢复、核对；一库两台服务器，一百次 · a thousand kills under load, each with a backup drill; a hundred of two servers on one database
	CRASH_ROUNDS=1000 $(GO) test $(LINK) -timeout 8h -run TestKilledUnderLoad -v ./cmd/dossier
	CRASH_ROUNDS=100 $(GO) test $(LINK) -timeout 8h -run TestServersKilled -v ./cmd/dossier

check: ## 格式、静态检查、已知漏洞、办案程序 · gofmt, vet, staticcheck, govulncheck, the procedures
	@out=$$(gofmt -l .); if [ -n "$$out" ]; then echo "gofmt -w: $$out" >&2; exit 1; fi
	$(GO) vet ./...
	$(GO) vet -tags 'peer pdfkit' ./engine ./documents/layout
	$(GO) tool staticcheck ./...
	$(GO) mod tidy -diff
	@diff <(sed -n 's/ # .*//p' testdata/unused.txt) \
		<($(GO) tool deadcode ./... | grep -v '^store/storetest/\|^seeds/fixture/' | sed 's|/[^/]*\.go:.*: unreachable func:||' | LC_ALL=C sort) || \
		{ echo "nothing calls what is marked >: delete it, or say in testdata/unused.txt why it stays; what is marked < is called" >&2; exit 1; }
	@if curl -fsS -m 10 -o /dev/null https://vuln.go.dev/index/modules.json 2>/dev/null; then $(GO) tool govulncheck ./...; \
	else echo "govulncheck was NOT run: its database https://vuln.go.dev does not answer here" >&2; fi
	$(GO) run ./cmd/dossier workflow check documents/forms/*/*.yaml workflows/*.yaml
	$(GO) run ./cmd/dossier play testdata/*.yaml >/dev/null

bench: ## 性能测量，整个引擎的一表写进 docs/performance.md · the benchmarks; the whole engine's go into docs/performance.md
	TABLE=$(CURDIR)/docs/performance.md $(GO) test -timeout 60m -run '^$$' -bench . -benchmem ./...

# go-workflows is fetched when it is compared with, and only then.
bench-peer: ## 同 go-workflows（SQLite）并排，写进 docs/performance.md · notes beside go-workflows on SQLite
	dir=$$(mktemp -d); trap 'rm -rf "$$dir"' EXIT; cp engine/testdata/goworkflows/main.go "$$dir"; cd "$$dir"; $(GO) mod init peer 2>/dev/null; \
	$(GO) get github.com/cschleiden/go-workflows@v1.2.0 2>/dev/null; $(GO) mod tidy 2>/dev/null; $(GO) build -o peer .; cd "$(CURDIR)"; \
	PEER="$$dir/peer" TABLE=$(CURDIR)/docs/performance.md $(GO) test -tags peer ./engine -run '^$$' -bench BesideGoWorkflows

# pdfkit is fetched when it is compared with, and only then.
bench-paper: ## 出纸速度，与 pdfkit 并排，写进 docs/performance.md · a notice and 60 pages beside pdfkit (needs node and npm)
	@command -v node >/dev/null && command -v npm >/dev/null || { echo "bench-paper needs node and npm: pdfkit runs on them" >&2; exit 1; }
	dir=$$(mktemp -d); trap 'rm -rf "$$dir"' EXIT; npm install --silent --no-audit --no-fund --prefix "$$dir" pdfkit@0.17 >/dev/null; \
	PDFKIT="$$dir" TABLE=$(CURDIR)/docs/performance.md $(GO) test -tags pdfkit ./documents/layout -count=1 -run TestBesidePdfkit -v
	$(GO) test ./documents/bind -run '^$$' -bench Book -benchmem

papers: tools ## 全部文书的样张，在 papers/；缩略图在 docs/papers/ · every form, and the contact sheets
	$(GO) run ./documents/papers -sheets docs/papers

docs: ## 清单与程序的对照 docs/traceability.md · the list beside the procedures
	$(GO) run ./cmd/dossier register --trace > docs/traceability.md

# What the tests need beside Go: a browser for the pages; poppler, qpdf and mupdf for the papers; PostgreSQL (15 or later) for the server's store.
tools:
	@missing=""; \
	command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || missing="$$missing chromium"; \
	command -v pdftotext >/dev/null && command -v pdftoppm >/dev/null || missing="$$missing poppler-utils"; \
	command -v qpdf >/dev/null || missing="$$missing qpdf"; \
	command -v mutool >/dev/null || missing="$$missing mupdf-tools"; \
	[ -n "$${TEST_DATABASE_URL:-}" ] || command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$$missing postgresql"; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if ! command -v apt-get >/dev/null; then \
		echo "the tests need:$$missing; install Chromium, poppler, qpdf, mupdf and PostgreSQL (macOS: brew install --cask chromium && brew install poppler qpdf mupdf postgresql; Fedora: dnf install chromium poppler-utils qpdf mupdf postgresql-server)" >&2; exit 1; fi; \
	as=""; if [ "$$(id -u)" -ne 0 ]; then as="sudo"; fi; \
	echo "installing$$missing" >&2; \
	$$as apt-get update -qq && $$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null

clean: ## 清除编译结果 · what was built
	rm -rf dossier papers
