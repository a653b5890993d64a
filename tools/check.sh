# shellcheck shell=sh
# ./run check. Sourced by run.
#
# Works in a folder of its own, as the server's user: a copy of the checkout, a
# private installation, throwaway servers. What is left of it afterwards is
# .pt/check/ with the output of every suite.

# shellcheck disable=SC2154	# top, place, ... come from run and tools/lib.sh

# The shipped Makefile has no -Werror; the last three warnings are PostgreSQL's
# own headers' and calling conventions' doing.
strict="-Werror -Wall -Wextra -Wno-unused-parameter -Wno-sign-compare -Wno-missing-field-initializers"

check_usage()
{
	cat <<EOF
Usage: ./run check [sanitize | assert] [PART [NAMES]]
       ./run check majors [MAJOR...] [PART [NAMES]]
       ./run check assert-server

Builds the extension and runs the tests, all of them or one PART, in throwaway
servers. The last line is "N passed, N failed"; the output of the suites is in
.pt/check/.

  symbols     what the library exports
  api         what the documentation says against the catalog, tests and versions
  layers      what the folders of src/ include
  unit        kernels, as a module of their own
  regress     sql/ against expected/, with the library preloaded and without
  isolation   visibility and locks between sessions
  index       pt-index, which part tap has, too, if it could be built
  tap         restarts, crashes, standbys, memory, dumps, documentation, ...
  mcp         of these the server for agents, with Node.js, which is installed

NAMES are words: of the files of a part, those run whose names contain one.
PT_JOBS=1 runs one suite at a time instead of two.

  sanitize       with AddressSanitizer and UndefinedBehaviorSanitizer
  assert         on a server with assertions, which is built if need be
  assert-server  only build that server
  majors         on each major version of PostgreSQL: the installed ones, and as
                 root others in chroots. PT_MINUTES=30 limits the time

Examples: ./run check tap 130, ./run check regress golden write
EOF
}

check()
{
	variant=
	case ${1:-} in
		sanitize | assert)
			variant=$1
			shift
			# shellcheck source=tools/sanitize.sh
			. "$top/tools/$variant.sh"
			;;
		assert-server)
			# shellcheck source=tools/assert.sh
			. "$top/tools/assert.sh"
			need_packages check
			open_place
			assert_server
			return
			;;
	esac
	part=${1:-all}
	[ $# -eq 0 ] || shift
	case $part in
		majors)
			. "$top/tools/majors.sh"
			check_majors "$@"
			return
			;;
		all | symbols | api | layers | unit | regress | isolation | tap) ;;
		mcp)
			get_node
			part=tap
			set -- 330_mcp
			;;
		index) need_packages index ;;
		*) die "there is no part $part (symbols, api, layers, unit, regress, isolation, index, tap, mcp or majors)" ;;
	esac

	need_packages check
	open_place
	clear_leftovers
	enough_room
	work=$(new_dir "$place/check.XXXXXX")
	# Whoever finds it later can tell by this whether we are still there. Servers do not
	# have the lock, or those that are left would seem to be us.
	exec 7<"$work"
	flock 7
	suites=
	trap 'check_clean_up' EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM

	as_server mkdir "$work/out"
	as_server touch "$work/results"
	sanitizers=
	[ -z "$variant" ] || "${variant}_prepare"
	say "Checking with PostgreSQL $("$installed/lib/postgresql/$major/bin/postgres" --version | sed 's/^[^0-9]*//')"

	old_bindir=
	drivers=$work/drivers
	! wants_test 260_drivers "$part" "$@" || get_drivers
	mcp=$work/mcp
	! wants_test 330_mcp "$part" "$@" || get_from_npm clients/mcp "$mcp" "the server for agents"
	postgraphile=$work/postgraphile
	! wants_test 380_postgraphile "$part" "$@" || get_from_npm test/postgraphile "$postgraphile" "PostGraphile"
	indexer_copy=
	indexer_missing="it was not wanted"
	scip=$work/scip
	scip_missing="they were not wanted"
	if wants_test 340_pt_index "$part" "$@" || wants_test 345_scip "$part" "$@" || wants_test 360_update "$part" "$@"; then
		get_indexer
	fi
	! wants_test 345_scip "$part" "$@" || get_scip
	if check_build && { [ -z "${PT_OLD_BINDIR:-}" ] || check_build_older; } &&
		{ [ "$variant" != sanitize ] || sanitize_install; }; then
		# Temporary files, and with them the sockets of the servers.
		sockets=$(socket_dir "$work/tmp")
		# Background jobs of a shell ignore the keyboard's signals, and so
		# would the servers; wait, unlike a command, gives way to a trap.
		as_server env --default-signal=INT,QUIT TMPDIR="$sockets" PT_OLD_BINDIR="$old_bindir" PT_DRIVERS="$drivers" PT_MCP="$mcp" PT_POSTGRAPHILE="$postgraphile" \
			PT_INDEX="$indexer_copy" PT_INDEX_MISSING="$indexer_missing" \
			PT_SCIP="$scip" PT_SCIP_MISSING="$scip_missing" \
			"$work/tree/tools/check-suites" "$work" "$major" "$part" "$@" 7<&- &
		suites=$!
		wait "$suites" || :
		suites=
		grep -q '^done$' "$work/results" || record 0 1 "the suites did not come to their end"
		[ -z "$variant" ] || "${variant}_finish"
	fi

	keep_output
	# shellcheck disable=SC2046	# two numbers
	set -- $(awk '$1 == "result" { p += $2; f += $3 } END { print p + 0, f + 0 }' "$work/results")
	check_clean_up
	trap - EXIT HUP INT TERM
	if [ "$2" -gt 0 ]; then
		say "What the failures printed is in $top/.pt/check/"
	fi
	say "$1 passed, $2 failed"
	[ "$2" -eq 0 ] && [ "$1" -gt 0 ]
}

# clear_leftovers: of a check that was killed a folder is left, with servers in it perhaps.
clear_leftovers()
{
	for work in "$place"/check.??????; do
		# one that has just been made may be about to be locked
		[ -n "$(find "$work" -maxdepth 0 -mmin +1 2>/dev/null)" ] || continue
		(
			exec 7<"$work"
			flock -n 7 || exit 0
			say "Removing what a check has left that did not come to its end"
			stop_all
			rm -rf "$work"
		)
	done
}

# enough_room: what the suites fill at most, and more. On a full disk they fail one after
# the other, for reasons of all kinds.
enough_room()
{
	room=$(df -Pk "$place" | awk 'END { print int($4 / 1024) }')
	[ "${room:-4096}" -ge 4096 ] ||
		die "only $room MB are free in $place, and the check may need 4 GB"
}

# record PASSED FAILED TITLE
record()
{
	[ "$2" -eq 0 ] || say "FAILED: $3"
	say "result $*" | as_server tee -a "$work/results" >/dev/null
}

# wants_test NAME PART [WORD...]: does the part have this TAP test?
wants_test()
{
	wanted_test=$1
	wanted_part=$2
	shift 2
	case $wanted_part in
		all | tap) ;;
		index) [ "$wanted_test" = 340_pt_index ] || [ "$wanted_test" = 360_update ]; return ;;
		*) return 1 ;;
	esac
	[ $# -gt 0 ] || return 0
	for wanted_word in "$@"; do
		case $wanted_test in *"$wanted_word"*) return 0 ;; esac
	done
	return 1
}

# Node.js from Debian, as root, for who asks for the part that needs it.
get_node()
{
	if ! { command -v node && command -v npm; } >/dev/null && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
		"$top/tools/bootstrap" packages nodejs npm >/dev/null 2>&1 || say "  Node.js could not be installed"
	fi
}

# get_from_npm FOLDER COPY WHAT: a copy of a folder with what it needs from npm, where
# there is one; the test of it is skipped without.
get_from_npm()
{
	if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
		say "  without $3, which needs Node.js and npm"
		return
	fi
	cp -R "$top/$1" "$2"
	rm -rf "$2/node_modules"
	once_more npm ci --prefix "$2" --no-audit --no-fund --no-update-notifier >/dev/null 2>&1 || {
		say "  without $3, whose packages npm could not install"
		rm -rf "$2"
	}
	[ ! -d "$2" ] || chmod -R a+rX "$2"
}

# The indexer, where it can be built. Only the test of it needs it, and is skipped
# otherwise; but code that does not compile is a failure.
get_indexer()
{
	# shellcheck source=tools/index.sh
	. "$top/tools/index.sh"
	build_indexer && status=0 || status=$?
	if [ "$status" -eq 0 ]; then
		indexer_copy=$work/pt-index
		cp "$indexer" "$indexer_copy"
		chmod 755 "$indexer_copy"
	else
		say "  without pt-index: $indexer_missing"
		[ "$status" -ne 2 ] || record 0 1 "the build of pt-index"
	fi
}

# The indexers that write SCIP, from npm, once; .pt/scip keeps them. What a test needs
# them for is skipped without.
get_scip()
{
	# shellcheck source=tools/index.sh
	. "$top/tools/index.sh"
	if ! scip_indexers; then
		say "  without indexers for SCIP: $scip_missing"
		scip=
		return
	fi
	cp -R "$scip_cache" "$scip"
	chmod -R a+rX "$scip"
}

# The drivers that can be had: Debian's for Python, as root, and node-postgres from
# npm where there is one. The test skips the others, so no failure ends the check.
get_drivers()
{
	drivers_missing=
	for driver in psycopg psycopg2; do
		/usr/bin/python3 -c "import $driver" 2>/dev/null || drivers_missing="$drivers_missing python3-$driver"
	done
	if [ -n "$drivers_missing" ] && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
		# shellcheck disable=SC2086	# a list of words
		"$top/tools/bootstrap" packages $drivers_missing >/dev/null 2>&1 ||
			say "  without$drivers_missing, which could not be installed"
	fi
	if command -v node >/dev/null && ! NODE_PATH=/usr/share/nodejs node -e "require('pg')" 2>/dev/null &&
		command -v npm >/dev/null; then
		mkdir "$drivers"
		once_more npm install --prefix "$drivers" --no-audit --no-fund --no-update-notifier pg >/dev/null 2>&1 ||
			say "  without node-postgres, which npm could not install"
		chmod -R a+rX "$drivers"
	fi
}

check_build()
{
	build_checked build "$work/tree" "$work/pgroot"
}

# The installation of an older major at PT_OLD_BINDIR, of which tests of
# pg_upgrade get a private copy with the extension in it, at $old_bindir.
check_build_older()
{
	major_checked=$major
	major=$(cd "$PT_OLD_BINDIR/.." && basename "$PWD")
	build_checked "build for $major" "$work/tree-older" "$work/pgroot-older" && status=0 || status=$?
	old_bindir=$work/pgroot-older/lib/postgresql/$major/bin
	major=$major_checked
	return "$status"
}

# build_checked NAME TREE ROOT: of the checkout, in TREE, for $major.
build_checked()
{
	printf '  %-28s ' "$1 with -Werror"
	build_log=$work/out/$(say "$1" | tr " " -).log
	if make_pgroot "$3" && copy_tree "$2" &&
		make_extension "$2" "$3" COPT="$strict $sanitizers" \
			${sanitizers:+SHLIB_LINK="$sanitizers"} >"$build_log" 2>&1 </dev/null; then
		say "1 passed, 0 failed"
		record 1 0 "$1"
	else
		say "0 passed, 1 failed"
		tail -n 60 "$build_log"
		record 0 1 "the $1"
		return 1
	fi
}

# The logs and differences, without the servers' data.
keep_output()
{
	rm -rf "$top/.pt/check"
	mkdir -p "$top/.pt/check"
	cp -R "$work/out/." "$top/.pt/check/"
}

check_clean_up()
{
	trap - EXIT HUP INT TERM
	[ -z "$suites" ] || kill -TERM "$suites" 2>/dev/null || :
	stop_all
	case ${sockets:-} in
		/tmp/pt.*) rm -rf "$sockets" ;;
	esac
	rm -rf "$work"
}

# stop_all: whatever works in $work was started there. A server stops its sessions on TERM
# once they end, at once on QUIT.
stop_all()
{
	for signal in TERM QUIT KILL; do
		kill_workers "$signal" || break
		sleep 1
	done
}

# kill_workers SIGNAL: to every process whose current folder is in $work;
# false if there is none.
kill_workers()
{
	found=1
	for process in $(find /proc -maxdepth 2 -path '/proc/[0-9]*/cwd' \
		\( -lname "$work" -o -lname "$work/*" \) 2>/dev/null | cut -d / -f 3); do
		found=0
		kill -s "$1" "$process" 2>/dev/null || :
	done
	return "$found"
}
