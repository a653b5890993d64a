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

    ./run index --scip [ARGUMENTS] TREE

does the same and then asks scip-python and scip-typescript, which come from npm, what
the code in Python, JavaScript and TypeScript means, and imports that with
tools/pt-import: facts instead of guesses. TREE is the last argument.
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

# scip_indexers: true if $top/.pt/scip has those for SCIP; else $scip_missing says why not.
scip_indexers()
{
	scip_cache=$top/.pt/scip
	scip_missing=
	if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
		scip_missing="they need Node.js and npm"
	elif ! cmp -s "$top/test/scip/package-lock.json" "$scip_cache/package-lock.json"; then
		rm -rf "$scip_cache" "$scip_cache.new"
		mkdir -p "$scip_cache.new"
		cp "$top/test/scip/package.json" "$top/test/scip/package-lock.json" "$scip_cache.new/"
		if once_more npm ci --prefix "$scip_cache.new" --ignore-scripts --no-audit --no-fund --no-update-notifier >/dev/null 2>&1; then
			mv "$scip_cache.new" "$scip_cache"
		else
			scip_missing="npm could not install them"
		fi
	fi
	[ -z "$scip_missing" ]
}

# argument_of NAME ARGUMENT...: the value of an option among arguments, if any.
argument_of()
{
	option_name=$1
	option_before=
	shift
	for option_word in "$@"; do
		if [ "$option_before" = "$option_name" ]; then
			say "$option_word"
			return
		fi
		case $option_word in "$option_name"=*) say "${option_word#*=}"; return ;; esac
		option_before=$option_word
	done
}

# scip_index LANGUAGE TREE FILE: what the compiler knows of a tree, without the network.
# For a tree without one scip-typescript makes a tsconfig.json, which does not stay.
scip_index()
(
	cd "$2" || exit
	if [ "$1" = python ]; then
		say '[]' >"$3.packages"
		"$top/.pt/scip/node_modules/.bin/scip-python" index . --quiet --environment "$3.packages" \
			--project-name "$(basename "$2")" --project-version 1 --output "$3"
	else
		[ -e tsconfig.json ] || trap 'rm -f tsconfig.json' EXIT
		"$top/.pt/scip/node_modules/.bin/scip-typescript" index --infer-tsconfig --no-progress-bar --output "$3"
	fi
)

# import_facts ARGUMENT...: of pt-index, among them a database.
import_facts()
{
	for fact_tree in "$@"; do :; done
	fact_tree=$(absolute "$fact_tree")
	fact_database=$(argument_of -d "$@")
	fact_database=${fact_database:-$(argument_of --dbname "$@")}
	fact_graph=$(argument_of --graph "$@")
	fact_prefix=$(argument_of --prefix "$@")
	fact_file=$(work_dir)/index.scip
	scip_indexers || die "the indexers for SCIP cannot be had: $scip_missing"
	for fact_language in python typescript; do
		case $fact_language in
			python) any_file "$fact_tree" .py .pyi || continue ;;
			*) any_file "$fact_tree" .ts .tsx .mts .cts .js .jsx .mjs .cjs || continue ;;
		esac
		say "Asking scip-$fact_language, which takes its time" >&2
		rm -f "$fact_file"
		scip_index "$fact_language" "$fact_tree" "$fact_file" >"$top/.pt/scip.log" 2>&1 </dev/null || :
		[ -s "$fact_file" ] || die "scip-$fact_language has failed, see $top/.pt/scip.log"
		"$top/tools/pt-import" -d "$fact_database" ${fact_graph:+--graph "$fact_graph"} \
			${fact_prefix:+--prefix "$fact_prefix"} "$fact_file" || exit
	done
	rm -f "$fact_file" "$fact_file.packages"
}

# run_indexer FACTS ARGUMENT...: pt-index and, if FACTS is not empty, what compilers know.
run_indexer()
{
	with_facts=$1
	shift
	[ -n "$with_facts" ] || exec "$indexer" "$@"
	"$indexer" "$@" || [ $? -eq 3 ] || exit
	import_facts "$@"
}

index()
{
	facts=
	if [ "${1:-}" = --scip ]; then
		facts=yes
		shift
		[ $# -gt 0 ] || { index_usage >&2; exit 2; }
	fi
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
			-d* | --dbname* | --json | --help | --languages | --check) run_indexer "$facts" "$@"; return ;;
		esac
	done
	[ -s "$top/.pt/place" ] || die "no database is named: use -d, or ./run demo first"
	demo_place
	server_runs || die "no database is named, and the demo's server is not running"
	run_indexer "$facts" -d "host='$socket' port=5432 user=postgres dbname=demo" "$@"
}
