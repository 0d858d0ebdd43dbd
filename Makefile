# make demo: a trained inspector on demo parts, open on the flagged queue.   make test: every check.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test check setup system
demo: setup
	$(BIN)/cmdiad demo

# One thread a process: two that share two cores are quicker than one that has both.
test: setup check
	OMP_NUM_THREADS=1 $(BIN)/pytest --numprocesses 2 --dist worksteal

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

setup: system .venv/installed

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable . --group test
	touch $@

# What Qt, VTK and open3d need of a Debian system, and Xvfb and PostgreSQL for the tests, which start
# a server of their own; no other is left running.
DEBIAN := libglib2.0-0 libgl1 libegl1 libxkbcommon0 libdbus-1-3 libfontconfig1 libgomp1 libusb-1.0-0 \
	xvfb xauth libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxkbcommon-x11-0 postgresql

system:
	@command -v dpkg-query >/dev/null || exit 0; \
	missing=$$(for p in $(DEBIAN); do dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || \
		dpkg-query -W -f '$${Status}' $${p}t64 2>/dev/null | grep -q 'ok installed' || printf '%s ' $$p; done); \
	[ -z "$$missing" ] && exit 0; \
	if [ "$$(id -u)" = 0 ]; then apt-get update -qq && \
		mkdir -p /etc/postgresql-common/createcluster.d && \
		echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.d/cmdiad.conf && \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$missing >/dev/null; \
	else echo "System libraries are missing; run: sudo apt-get install $$missing" >&2; exit 1; fi
