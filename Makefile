# Every target sets up what it needs; on a new machine Python 3.11 or newer and a network are enough.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
export PATH := $(CURDIR)/.venv/bin:$(CURDIR)/.tools/bin:$(PATH)
export GOTOOLCHAIN := local
# As everything is built, so that vet and the tests find it compiled.
export GOFLAGS := -trimpath
export CGO_ENABLED := 0
# A hook, an editor or CI may have pointed git somewhere else; every command here means this repository.
unexport GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE

DEV := .venv/.installed
ENGINE := asky_gitops/_bundled/engine.source
TOOLS := .tools/.built
ANALYSER := .tools/analyser/.installed
BUNDLED_FROM := $(shell find engine policies tools/bundle tools/schemas -name '*.go' -o -name 'go.*' -o -name '*.py' -o -name '*.rego')

.PHONY: help dev lock docs engine tools lint test pages e2e bench demo mutate mend new-rule score survey fresh ready

help: ## list the targets
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## / {printf "%-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

dev: $(DEV) ## .venv from the lock, with this checkout installed in it

$(DEV): requirements-dev.txt pyproject.toml hatch_build.py
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	package=$$(.venv/bin/python -m tools.bundle.toolchain); \
	[ -z "$$package" ] || .venv/bin/python -m pip install --quiet --disable-pip-version-check "$$package"
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

lock: | $(DEV) ## write requirements-dev.txt anew from pyproject.toml
	echo "# The development environment, exact: what pyproject.toml asks for, \`make lock\` writes it." > requirements-dev.txt
	uv pip compile --quiet pyproject.toml --group dev --universal --python-version 3.11 --upgrade \
	  --generate-hashes --no-annotate --no-header >> requirements-dev.txt
	uv pip compile --quiet tests/network/requirements.in --override tests/network/overrides.txt --universal \
	  --python-version 3.11 --upgrade --generate-hashes --no-annotate --no-header -o tests/network/requirements.txt

engine: $(ENGINE) ## build the engine and pack the CRDs into asky_gitops/_bundled/

$(ENGINE): $(BUNDLED_FROM) | $(DEV)
	python -m tools.bundle

tools: $(TOOLS) $(ANALYSER) ## build the development tools (opa, regal, conftest, …) into .tools/

$(TOOLS): tools/go.mod tools/go.sum tools/actionlint/go.sum $(wildcard tools/promrules/*) tools/build.sh | $(DEV)
	tools/build.sh
	touch $@

$(ANALYSER): tests/network/requirements.txt
	$(PYTHON) -m venv --clear .tools/analyser
	.tools/analyser/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
	  -r tests/network/requirements.txt
	touch $@

lint: $(DEV) $(TOOLS) ## formatting, types, vet, Rego style, workflows
	ruff format --check .
	ruff check .
	mypy
	unformatted=$$("$$(go env GOROOT)/bin/gofmt" -l engine tests/cluster tools); [ -z "$$unformatted" ] || { echo "gofmt: $$unformatted"; exit 1; }
	cd engine && go vet ./...
	opa fmt --list --fail policies
	opa check --strict policies
	regal lint policies
	actionlint
	zizmor --quiet --offline .github

test: $(DEV) $(ENGINE) $(TOOLS) $(ANALYSER) ## pytest, go test, opa test
	pytest --numprocesses=auto --durations=25 -m 'not browser'
	cd engine && go test ./...
	opa test policies

pages: $(DEV) $(ENGINE) ## the HTML report and the graph in a headless Chromium, which must be on PATH
	pytest -m browser tests/test_pages.py

e2e: $(DEV) $(ENGINE) $(TOOLS) ## a real control plane judges the output
	tests/cluster/run.sh

bench: $(DEV) $(ENGINE) $(TOOLS) ## check against kustomize + conftest + kubeconform; ten times the objects; the hook
	python -m bench.check
	python -m bench.scale
	python -m bench.hook

demo: $(DEV) $(ENGINE) ## the whole path on a scratch repository, then a spoiled line refused
	demo/run.sh

mutate: $(DEV) ## delete each expression of the policies in turn: PREFIX=lib/graph for a part; takes long
	python -m tests.policies.mutation $(PREFIX)

mend: $(DEV) $(ENGINE) ## `fix` over the whole labelled corpus: what it leaves, or changes beside what it mends
	python -m tests.steps.mending

new-rule: $(DEV) ## start a rule: make new-rule RULE=<category>/<rule-id>
	tools/new-rule.sh "$(RULE)"

score: $(DEV) $(TOOLS) ## precision and recall of every rule over the labelled corpus, kept in docs/accuracy.md
	python -m tests.policies.score

survey: $(DEV) $(ENGINE) ## what check says of other projects' manifests, kept in docs/accuracy.md; downloads them
	python -m tests.trees.survey

fresh: $(DEV) $(ENGINE) ## this repository's own output is fresh, clean and committed
	asky-gitops generate --check
	asky-gitops check
	git diff --exit-code

docs: $(DEV) $(ENGINE) ## write the pages that are made: docs/spec.md, rules.md, the verbs in cli.md, the README's picture
	python -m tools.cli_page
	python -m tools.tables
	asky-gitops graph --overlay eks --format svg > docs/pictures/eks.svg

ready: lint test demo fresh ## everything a pull request must pass
