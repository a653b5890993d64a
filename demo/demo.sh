# shellcheck shell=sh
# ./run demo, demo-stop and psql. Sourced by run.

# shellcheck disable=SC2154	# top, place, ... come from run and tools/lib.sh

# shellcheck source=tools/index.sh
. "$top/tools/index.sh"

# demo_place: like open_place, plus the names of the demo's own things.
demo_place()
{
	open_place
	data=$place/data
	log=$place/server.log
	[ -s "$top/.pt/socket" ] && socket=$(cat "$top/.pt/socket") || socket=
}

server_runs()
{
	[ -f "$data/PG_VERSION" ] && as_server "$bindir/pg_ctl" status -D "$data" >/dev/null 2>&1
}

# A pager would hold the answers back.
demo_sql()
{
	PGOPTIONS='' "$bindir/psql" -X -q -v ON_ERROR_STOP=1 -P pager=off -h "$socket" -p 5432 -U postgres "$@"
}

# ---------------------------------------------------------------------------
# The server.
# ---------------------------------------------------------------------------

# Dynamic shared memory holds the graph's image. Containers often have a
# /dev/shm of 64 MB; files in the data folder are the way around that.
shared_memory_type()
{
	shm_kb=$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')
	if [ "${shm_kb:-0}" -ge 524288 ]; then say posix; else say mmap; fi
}

write_configuration()
{
	as_server tee "$data/postgresql.conf" >/dev/null <<-EOF
		# written by ./run demo
		listen_addresses = ''
		unix_socket_directories = '$socket'
		port = 5432
		shared_preload_libraries = 'parseltongue'
		shared_buffers = 256MB
		dynamic_shared_memory_type = $(shared_memory_type)
		max_wal_size = 4GB
		wal_level = minimal
		max_wal_senders = 0
	EOF
}

start_server()
{
	# A new library needs a new server: it is preloaded.
	stop_server
	if [ "$(cat "$data/PG_VERSION" 2>/dev/null)" != "$major" ]; then
		as_server rm -rf "$data"
	fi
	if [ ! -f "$data/PG_VERSION" ]; then
		say "Creating a database server in $place"
		# The folder of the socket admits nobody else, so trust is enough.
		quietly "$top/.pt/initdb.log" as_server "$bindir/initdb" -D "$data" \
			-U postgres -A trust -E UTF8 --no-locale --no-instructions ||
			die "initdb failed"
	fi

	if [ -z "$socket" ] || [ ! -d "$socket" ]; then
		socket=$(socket_dir "$place/socket")
		printf '%s\n' "$socket" >"$top/.pt/socket"
	fi
	as_server chmod 700 "$socket"

	write_configuration
	as_server touch "$log"
	say "Starting the server"
	if ! as_server "$bindir/pg_ctl" start -w -t 60 -s -D "$data" -l "$log" \
		>/dev/null 2>&1 </dev/null; then
		tail -n 20 "$log" >&2
		die "the server did not start, see $log"
	fi
}

stop_server()
{
	if server_runs; then
		as_server "$bindir/pg_ctl" stop -w -s -m fast -D "$data" >/dev/null ||
			die "the server did not stop, see $log"
	fi
}

# ---------------------------------------------------------------------------
# ./run demo
# ---------------------------------------------------------------------------

demo_start_usage()
{
	cat <<EOF
Usage: ./run demo [TREE]

Builds the extension, starts a private PostgreSQL server, indexes the code under TREE
(default: this project's src), and asks about a function on which much depends: what
breaks if it changes, who calls it, by what ways, which tests to run; and how long that
takes compared with a recursive query. Leaves a picture for Graphviz in .pt/. Plain C is
read with cscope, other languages with pt-index, which "./run index" builds. The server
keeps running; it listens on a socket that nobody else can open. Each call begins with an
empty database.

"./run psql" opens a prompt there, "./run demo-stop" stops the server.
EOF
}

# absolute TREE: its path without symbolic links, or an error.
absolute()
{
	[ -e "$1" ] || die "there is no $1"
	[ -d "$1" ] || die "$1 is not a folder"
	(cd "$1" && pwd -P) || die "cannot enter $1"
}

# any_file TREE ENDINGS: is there a file with one of these endings that is not hidden?
any_file()
(
	cd "$1" || exit 1
	shift
	set -f
	set -- "$(printf '%s\n' "$@" | sed 's/[.+]/\\&/g' | paste -s -d '|' -)"
	find . -name '.?*' -prune -o -type f -print 2>/dev/null | grep -E -q "($1)\$"
)

# What indexers/index-c reads, and what pt-index does besides.
c_endings=".c .h .y .l"
other_endings=".cc .cpp .cxx .hh .hpp .hxx .py .js .jsx .mjs .cjs .ts .tsx .mts .cts .rs .go .java .cs .rb .php .kt .swift .scala"

# choose_indexer TREE: sets $with_indexer for pt-index.
choose_indexer()
{
	with_indexer=
	# shellcheck disable=SC2086	# words
	if any_file "$1" $other_endings; then
		need_packages index
		say "Building pt-index"
		if build_indexer; then
			with_indexer=yes
			return
		fi
		say "pt-index cannot be had, so only C is read: $indexer_missing"
	fi
	# shellcheck disable=SC2086
	any_file "$1" $c_endings || die "no source code that can be read under $1"
}

# index_tree TREE: into the database of the demo.
index_tree()
{
	say "Indexing $1"
	if [ -n "$with_indexer" ]; then
		"$indexer" -d "host='$socket' port=5432 user=postgres dbname=demo" "$1" || [ $? -eq 3 ] || die "pt-index has failed"
	else
		# The pipe has psql's status: without its last line the script that
		# index-c writes leaves nothing behind, and the count below finds that.
		TMPDIR=$(work_dir) "$top/indexers/index-c" "$1" | demo_sql -d demo
	fi
	if [ "$(demo_sql -d demo -At -c 'SELECT count(*) FROM pt_entity')" -eq 0 ]; then
		die "nothing to show: no functions were found under $1"
	fi
}

# demo_tour: the questions, the timing, a picture.
demo_tour()
{
	picture=$top/.pt/picture
	rm -f "$picture.dot" "$picture.svg"
	demo_sql -d demo -v picture="$picture.dot" -f "$top/demo/tour.sql"
	[ -s "$picture.dot" ] || return 0
	say ""
	if command -v dot >/dev/null && dot -Tsvg "$picture.dot" >"$picture.svg" 2>/dev/null; then
		say "What is nearest around it, as a picture: $picture.svg"
	else
		say "What is nearest around it, for Graphviz: dot -Tsvg $picture.dot >picture.svg"
	fi
}

demo_failed()
{
	trap - EXIT HUP INT TERM
	stop_server
	say "The demo did not finish, and its server is stopped. The server's log is $log" >&2
}

demo_start()
{
	[ $# -le 1 ] || { demo_start_usage >&2; exit 2; }
	tree=$(absolute "${1:-$top/src}")

	need_packages demo
	choose_indexer "$tree"
	demo_place
	build_extension

	trap 'demo_failed' EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
	start_server

	demo_sql -d postgres -c 'SET client_min_messages = warning' \
		-c 'DROP DATABASE IF EXISTS demo WITH (FORCE)' -c 'CREATE DATABASE demo'
	demo_sql -d demo -c 'CREATE EXTENSION parseltongue'

	index_tree "$tree"

	say ""
	demo_tour

	trap - EXIT HUP INT TERM
	cat <<EOF

The server keeps running. To ask it:

    ./run psql                 # the same as $(client) -h $socket -U postgres demo

./run demo starts over with an empty database. ./run demo-stop stops the server, and
./run demo-stop --purge also removes its files.
EOF
}

# Where the indexer's temporary files go, 1 GB for a tree like Linux.
work_dir()
{
	mkdir -p "$top/.pt/tmp"
	say "$top/.pt/tmp"
}

# The psql to recommend: the one on the PATH, if any.
client()
{
	if command -v psql >/dev/null; then say psql; else say "$bindir/psql"; fi
}

# ---------------------------------------------------------------------------
# ./run demo-stop, ./run psql
# ---------------------------------------------------------------------------

demo_stop_usage()
{
	cat <<EOF
Usage: ./run demo-stop [--purge]

Stops the demo's server. With --purge it also removes the server's files and .pt/.
EOF
}

demo_psql_usage()
{
	cat <<EOF
Usage: ./run psql [ARGUMENTS]

Runs psql in the demo's database, with psql's own arguments, for example
./run psql -c 'SELECT count(*) FROM pt_edge'. "./run demo" must have been run.
EOF
}

demo_stop()
{
	case ${1:-} in
		'' | --purge) ;;
		*) demo_stop_usage >&2; exit 2 ;;
	esac
	if [ ! -s "$top/.pt/place" ]; then
		say "There is no demo to stop"
		return
	fi
	demo_place
	if server_runs; then
		stop_server
		say "The server is stopped"
	else
		say "The server was not running"
	fi
	[ "${1:-}" = --purge ] || return 0

	case $socket in
		/tmp/pt.*) rm -rf "$socket" ;;
	esac
	rm -rf "$place" "$top/.pt"
	say "Its files are removed"
}

demo_psql()
{
	[ -s "$top/.pt/place" ] || die "there is no demo yet; ./run demo makes it"
	demo_place
	server_runs || die "the demo's server is not running; ./run demo starts it"
	exec "$bindir/psql" -h "$socket" -p 5432 -U postgres -d demo "$@"
}
