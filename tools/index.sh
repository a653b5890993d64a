# shellcheck shell=sh
# ./run index, and the program for others that want it. Sourced by demo/demo.sh and
# tools/check.sh.
#
# The grammars come from npm, once; .pt/grammars/ keeps them, and .pt/index/ what is
# compiled. The program is .pt/bin/pt-index, which needs neither.

# shellcheck disable=SC2154	# top, place, ... come from run and tools/lib.sh

index_usage()
{
	cat <<EOF
Usage: ./run index [ARGUMENTS]

Builds indexers/pt-index, which needs npm once for tree-sitter and its grammars, as
.pt/bin/pt-index, and runs it with ARGUMENTS; without any it only builds. Where they
name no database and the demo's server runs, its database is meant:

    ./run index ~/src/project
    ./run index -d 'host=db dbname=code' --graph release_1.pt_edge --create ~/src/project

"./run index -- --help" says what the program can do.
EOF
}

indexer=$top/.pt/bin/pt-index

# build_indexer: true if the program is there; else $indexer_missing says why not,
# and the status is 2 if it could be built but for its own code.
build_indexer()
{
	indexer_missing=
	mkdir -p "$top/.pt/bin"
	if ! command -v gcc >/dev/null || ! command -v make >/dev/null || [ ! -f "$(libpq_headers)/libpq-fe.h" ]; then
		indexer_missing="a C compiler, make and libpq-dev are needed"
	elif ! "$top/indexers/pt-index/fetch" "$top/.pt/grammars" >"$top/.pt/fetch.log" 2>&1 </dev/null; then
		indexer_missing="the grammars cannot be had: $(tail -n 1 "$top/.pt/fetch.log")"
	elif ! make_indexer >"$top/.pt/index.log" 2>&1 </dev/null; then
		indexer_missing="it does not compile, see $top/.pt/index.log"
		return 2
	fi
	[ -z "$indexer_missing" ]
}

make_indexer()
{
	env -u MAKEFLAGS -u MFLAGS make -C "$top/indexers/pt-index" -j "$(nproc)" \
		GRAMMARS="$top/.pt/grammars" OUT="$top/.pt/index" CFLAGS="-O2 -g -Werror" PG_CONFIG="$(libpq_config)" &&
		cp "$top/.pt/index/pt-index" "$indexer.new" && mv "$indexer.new" "$indexer"
}

# The pg_config that knows where libpq is: the one on the PATH, if any.
libpq_config()
{
	command -v pg_config || say "/usr/lib/postgresql/$(pg_major)/bin/pg_config"
}

libpq_headers()
{
	"$(libpq_config)" --includedir 2>/dev/null
}

index()
{
	need_packages index
	[ -x "$indexer" ] || say "Building pt-index, which takes a minute or two the first time" >&2
	build_indexer || die "pt-index could not be built: $indexer_missing"
	if [ $# -eq 0 ]; then
		say "Built: $indexer"
		return
	fi
	[ "$1" != -- ] || shift
	for argument in "$@"; do
		case $argument in
			-d* | --dbname* | --json | --help | --languages | --check) exec "$indexer" "$@" ;;
		esac
	done
	[ -s "$top/.pt/place" ] || die "no database is named: use -d, or ./run demo first"
	demo_place
	server_runs || die "no database is named, and the demo's server is not running"
	exec "$indexer" -d "host='$socket' port=5432 user=postgres dbname=demo" "$@"
}
