# shellcheck shell=sh
# What the commands of ./run share: finding PostgreSQL, a private copy of it,
# the user it runs as, and a folder where that user may write.
#
# Sourced with $top set to the checkout.
#
# Sets, in open_place:
#   place     folder of everything the server owns
#   installed the PostgreSQL installation, /usr
#   pgroot    private copy of it, in place
#   bindir    its programs

# shellcheck disable=SC2154	# top comes from the sourcing script

# ---------------------------------------------------------------------------
# Talking.
# ---------------------------------------------------------------------------

say()
{
	printf '%s\n' "$*"
}

die()
{
	printf 'run: %s\n' "$*" >&2
	exit 1
}

# quietly LOGFILE COMMAND...: the output goes to the log, and is shown only if
# the command fails.
quietly()
{
	quietly_log=$1
	shift
	if ! "$@" >"$quietly_log" 2>&1 </dev/null; then
		tail -n 40 "$quietly_log" >&2
		return 1
	fi
}

# once_more COMMAND...: what the network may fail. Both apt-get and npm try again by
# themselves, for as long as a connection is not had.
once_more()
{
	"$@" || {
		sleep 10
		"$@"
	}
}

# ---------------------------------------------------------------------------
# PostgreSQL as the distribution installs it.
# ---------------------------------------------------------------------------

# The major version to use: one that has a server and its headers, else one
# that has a server, else nothing. "pg_config --pgxs" says nothing about the
# headers: its files come with the client package.
pg_major()
{
	if [ -n "${PG_MAJOR:-}" ]; then
		say "$PG_MAJOR"
		return
	fi
	pg_major_server=
	for pg_major_m in $(find /usr/lib/postgresql -path '*/bin/postgres' 2>/dev/null |
		cut -d / -f 5 | sort -rn); do
		if [ -f "/usr/include/postgresql/$pg_major_m/server/postgres.h" ]; then
			say "$pg_major_m"
			return
		fi
		: "${pg_major_server:=$pg_major_m}"
	done
	say "$pg_major_server"
}

# missing_packages demo|check|bench|index: what this machine lacks, as package names. A
# PostgreSQL of unknown version is "postgresql".
missing_packages()
{
	command -v make >/dev/null || say make
	command -v gcc >/dev/null || say gcc
	[ -f /usr/include/stdio.h ] || say libc6-dev
	missing_major=$(pg_major)
	if [ -z "$missing_major" ]; then
		say postgresql
	else
		[ -x "/usr/lib/postgresql/$missing_major/bin/postgres" ] ||
			say "postgresql-$missing_major"
		[ -f "/usr/include/postgresql/$missing_major/server/postgres.h" ] ||
			say "postgresql-server-dev-$missing_major"
	fi
	case $1 in
		demo)
			command -v cscope >/dev/null || say cscope
			;;
		check)
			command -v cscope >/dev/null || say cscope
			command -v g++ >/dev/null || say g++
			command -v prove >/dev/null || say perl
			command -v sqlite3 >/dev/null || say sqlite3
			perl -MIPC::Run -e 1 2>/dev/null || say libipc-run-perl
			/usr/bin/python3 -c 'import networkx' 2>/dev/null || say python3-networkx
			;;
		index)
			[ -f /usr/include/postgresql/libpq-fe.h ] || say libpq-dev
			[ -f "$top/.pt/grammars/tree-sitter.version" ] || command -v npm >/dev/null || say npm
			;;
		bench)
			[ -x /usr/bin/python3 ] || say python3
			[ -f /usr/include/postgresql/libpq-fe.h ] || say libpq-dev
			command -v gnuplot >/dev/null || say gnuplot-nox
			command -v cscope >/dev/null || say cscope
			;;
	esac
}

# need_packages demo|check|bench|index: install what is missing, or say how.
need_packages()
{
	need=$(missing_packages "$1" | tr '\n' ' ')
	[ -n "$need" ] || return 0

	command -v apt-get >/dev/null ||
		die "missing: $need(only Debian and Ubuntu are known here)"
	if [ "$(id -u)" -eq 0 ]; then
		"$top/tools/bootstrap" "$1" || die "could not install: $need"
	elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
		sudo -n env PG_MAJOR="${PG_MAJOR:-}" "$top/tools/bootstrap" "$1" ||
			die "could not install: $need"
	else
		{
			say "run: missing: $need"
			say "Run this, then ./run again:"
			say ""
			say "    sudo${PG_MAJOR:+ PG_MAJOR=$PG_MAJOR} '$top/tools/bootstrap' $1"
			say ""
			say "(it runs apt-get update and apt-get install for these packages, nothing else)"
		} >&2
		exit 1
	fi
	need=$(missing_packages "$1" | tr '\n' ' ')
	[ -z "$need" ] || die "still missing after the installation: $need"
}

# ---------------------------------------------------------------------------
# The server's user and place.
# ---------------------------------------------------------------------------

# PostgreSQL refuses to run as root.
server_user()
{
	if [ "$(id -u)" -ne 0 ]; then
		id -un
	elif id postgres >/dev/null 2>&1; then
		say postgres
	else
		say nobody
	fi
}

# as_server COMMAND...: run as the server's user, who may not be allowed into
# the current folder.
as_server()
(
	cd "$place" 2>/dev/null || cd /
	if [ "$(id -u)" -eq 0 ]; then
		as_user=$(server_user)
		exec setpriv --reuid="$as_user" --regid="$(id -g "$as_user")" \
			--init-groups env HOME="$place" USER="$as_user" LOGNAME="$as_user" "$@"
	else
		exec "$@"
	fi
)

# new_dir TEMPLATE: a fresh folder that belongs to the server's user.
new_dir()
{
	new_dir_path=$(mktemp -d "$1")
	chown "$(server_user)" "$new_dir_path"
	say "$new_dir_path"
}

# open_place: .pt/server if the server's user can work there, else a folder
# under /tmp, which .pt/place remembers. Make cannot cope with blanks in the
# path of pg_config.
open_place()
{
	mkdir -p "$top/.pt" 2>/dev/null || :
	[ -w "$top/.pt" ] ||
		die "cannot write to $top/.pt: use the user who owns it, or a copy of the checkout"

	place=
	if [ -s "$top/.pt/place" ]; then
		place=$(cat "$top/.pt/place")
		# Somebody else's folder may have come to the same name under /tmp.
		[ "$(stat -c %U "$place" 2>/dev/null)" = "$(server_user)" ] || place=
	fi
	if [ -z "$place" ]; then
		place=$top/.pt/server
		mkdir -p "$place"
		chown "$(server_user)" "$place"
		why=
		if ! plain_path "$place"; then
			why="make cannot build in a path such as $top"
		elif ! as_server test -w "$place"; then
			why="the server's user, $(server_user), cannot work in $top"
		fi
		if [ -n "$why" ]; then
			rmdir "$place"
			place=$(new_dir /tmp/parseltongue.XXXXXX)
			chmod 755 "$place"
			say "The server's files go to $place: $why"
		fi
		printf '%s\n' "$place" >"$top/.pt/place"
	fi

	major=$(pg_major)
	[ "$major" -ge 15 ] || die "PostgreSQL 15 or later is needed, this is $major"
	installed=/usr
	pgroot=$place/pgroot
	# shellcheck disable=SC2034	# for who sources this
	bindir=$pgroot/lib/postgresql/$major/bin
}

plain_path()
{
	case $1 in
		*[!A-Za-z0-9_./+@=,-]*) return 1 ;;
	esac
}

# socket_dir PREFERRED: PREFERRED, or a short folder under /tmp if the socket's
# path would exceed the 107 bytes that a unix socket may have.
socket_dir()
{
	if [ "$(printf '%s' "$1/.s.PGSQL.65432" | wc -c)" -le 107 ]; then
		as_server mkdir -p "$1"
		say "$1"
	else
		new_dir /tmp/pt.XXXXXX
	fi
}

# ---------------------------------------------------------------------------
# The private installation and the build.
# ---------------------------------------------------------------------------

# make_pgroot ROOT: copy the installed PostgreSQL to ROOT unless it is there
# already. Its programs find their files relative to themselves, so that its
# pg_config and "make install" never touch /usr.
make_pgroot()
{
	root_bin=lib/postgresql/$major/bin
	if [ "$("$1/$root_bin/postgres" --version 2>/dev/null)" = \
		"$("$installed/$root_bin/postgres" --version)" ]; then
		return
	fi
	rm -rf "$1"
	as_server mkdir -p "$1/lib/postgresql" "$1/share/postgresql" "$1/include/postgresql"
	as_server cp -R -P --preserve=mode,timestamps \
		"$installed/lib/postgresql/$major" "$1/lib/postgresql/"
	as_server cp -R -P --preserve=mode,timestamps \
		"$installed/share/postgresql/$major" "$1/share/postgresql/"
	as_server cp -R -P --preserve=mode,timestamps \
		"$installed/include/postgresql/." "$1/include/postgresql/"
}

# copy_tree DIR: the checkout's sources to DIR, where objects of an earlier
# build may stay: times are kept, so make sees what changed.
copy_tree()
{
	as_server mkdir -p "$1"
	as_server find "$1" -type f ! -name '*.o' ! -name '*.d' -delete
	tar -C "$top" --exclude=./.git --exclude=./.pt --exclude=./bench/out --exclude=./clients/mcp/node_modules --exclude=./test/postgraphile/node_modules \
		--exclude='./parseltongue--*' \
		--exclude='*.o' --exclude='*.d' --exclude='*.so' --exclude='*.bc' -cf - . |
		as_server tar -C "$1" --no-same-owner -xf -
}

# make_extension DIR ROOT [MAKE ARGUMENTS]: build in DIR, install into ROOT.
make_extension()
{
	make_dir=$1
	make_config=$2/lib/postgresql/$major/bin/pg_config
	shift 2
	# MAKEFLAGS of a make that called us is not ours; bitcode would need clang.
	as_server env -u MAKEFLAGS -u MFLAGS -u DESTDIR make -s -C "$make_dir" \
		-j "$(nproc)" PG_CONFIG="$make_config" with_llvm=no "$@" &&
		as_server env -u MAKEFLAGS -u MFLAGS -u DESTDIR make -s -C "$make_dir" \
			PG_CONFIG="$make_config" with_llvm=no "$@" install
}

# build_extension: the demo's build, incremental.
build_extension()
{
	say "Building the extension for PostgreSQL $major"
	make_pgroot "$pgroot"
	copy_tree "$place/build"
	# Objects of another major version are of no use.
	if [ "$(cat "$place/build.major" 2>/dev/null)" != "$major" ]; then
		as_server find "$place/build" -type f -name '*.o' -delete
		say "$major" | as_server tee "$place/build.major" >/dev/null
	fi
	quietly "$top/.pt/build.log" make_extension "$place/build" "$pgroot" ||
		die "the build failed, see $top/.pt/build.log"
}
