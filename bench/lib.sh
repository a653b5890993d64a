# shellcheck shell=sh
# The benchmark's place, its packages and its server. Sourced by bench/run after
# tools/lib.sh.
#
# Sets, in bench_open:
#   bench     folder of everything the benchmark makes, owned by the server's user
#   code      the copy of this folder that the server's user can read

# shellcheck disable=SC2154	# top, place, size, ... come from the sourcing scripts

export PGPORT=5514 PGUSER=postgres PGDATABASE=bench
unset PGOPTIONS PGSERVICE PGPASSWORD

bench_open()
{
	need_packages bench
	open_place
	bench=$place/bench
	code=$place/build/bench
	data=$bench/data
	npm=$bench/npm
	pgroot=$bench/pgroot
	bindir=$pgroot/lib/postgresql/$major/bin
	bench_folders
	if [ ! -s "$bench/socket.path" ]; then
		socket_dir "$bench/socket" | as_server tee "$bench/socket.path" >/dev/null
	fi
	PGHOST=$(cat "$bench/socket.path")
	export PGHOST
	as_server mkdir -p "$PGHOST"
}

bench_folders()
{
	for folder in log results bin graphs db rivals; do
		as_server mkdir -p "$bench/$folder"
	done
}

# What the part size needs, in gigabytes: disk for the list of edges, table, index and WAL; memory for two images,
# as while one is merged, the server's cache and two limits; and images in /dev/shm, if they go there, may take half of it.
bench_room()
{
	if [ "$size" = full ]; then set -- 18 10 8; else set -- 3 2 2; fi
	room_disk=$(($(df -Pk "$bench" | awk 'NR == 2 { print $4 }') / 1000000))
	room_memory=$(($(awk '$1 == "MemAvailable:" { print $2 }' /proc/meminfo) / 1000000))
	say "The part size needs $1 GB of disk and $2 GB of memory; free are $room_disk GB in $bench, and $room_memory GB"
	shm_needed=${3}000000
	[ "$room_disk" -ge "$1" ] || die "not enough disk for the part size: $1 GB are needed in $bench, $room_disk GB are free"
	[ "$room_memory" -ge "$2" ] || die "not enough memory for the part size: $2 GB are needed, $room_memory GB are available"
}

# bench_picture keep|picture: without a server, as whoever calls.
bench_picture()
{
	need_packages bench
	env BENCH="$(cat "$top/.pt/place" 2>/dev/null || say "$top/.pt/server")/bench" BENCH_CODE="$top/bench" BENCH_SIZE=full BENCH_BIN= BENCH_DATA= \
		PYTHONPATH="$top/bench" PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$top/bench/picture.py" "$1"
}

# Everything of earlier runs but what was downloaded.
bench_clean()
{
	bench_stop
	rm -rf "$data" "$bench/results" "$bench/db" "$bench/report" "$bench/log" "$bench/graphs" "$bench/rivals"
	bench_folders
}

# ---------------------------------------------------------------------------
# Rivals: what cannot be had is noted, and the report says so.
# ---------------------------------------------------------------------------

# reason LOG: its first complaints, without addresses.
reason()
{
	grep -E '^(E:|npm error|run:)|[Ee]rror|failed' "$1" | head -n 3 |
		sed 's|[a-z]*://[^ ]*||g' | tr '\n\t' '  '
}

rival_missing()
{
	say "  $1 takes no part: $2"
	say "$2" | as_server tee "$bench/rivals/$1.missing" >/dev/null
}

# rival_packages NAME PACKAGE...: Debian's packages for a rival.
rival_packages()
{
	rival=$1
	shift
	# shellcheck disable=SC2046	# package names
	set -- $(for package; do
		dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^ii' || say "$package"
	done)
	[ $# -gt 0 ] || return 0
	rival_log=$bench/log/install-$rival.log
	say "  $rival: installing $*"
	if [ "$(id -u)" -eq 0 ]; then
		"$top/tools/bootstrap" packages "$@" >"$rival_log" 2>&1 && return
	elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
		# shellcheck disable=SC2024	# the log is the caller's
		sudo -n "$top/tools/bootstrap" packages "$@" >"$rival_log" 2>&1 && return
	else
		say "E: neither root nor sudo without a password" >"$rival_log"
	fi
	rival_missing "$rival" "packages $*: $(reason "$rival_log")"
}

# rival_npm NAME PACKAGE: into the benchmark's own folder, as the user who
# called, for whom npm may be configured.
rival_npm()
{
	if ! command -v npm >/dev/null; then
		rival_packages "$1" nodejs npm
		command -v npm >/dev/null || return 0
	fi
	if [ ! -d "$npm/node_modules/${2%@[0-9]*}" ]; then
		say "  $1: npm install $2"
		mkdir -p "$npm"
		npm install --prefix "$npm" --no-audit --no-fund "$2" >"$bench/log/install-$1.log" 2>&1 </dev/null ||
			rival_missing "$1" "npm install $2: $(reason "$bench/log/install-$1.log")"
		chmod -R a+rX "$npm"
	fi
}

bench_install()
{
	say "Installing the rivals"
	rm -f "$bench/rivals"/*.missing
	rival_packages pgrouting "postgresql-$major-pgrouting"
	rival_packages sqlite libsqlite3-dev
	rival_packages rocksdb librocksdb-dev
	rival_packages networkx python3-networkx
	rival_packages igraph python3-igraph
	rival_npm duckdb @duckdb/node-api
	rival_npm kuzu kuzu
	rival_npm cozo cozo-lib-wasm
	# The private copy of PostgreSQL was perhaps made before pgRouting was there.
	if [ ! -f "$bench/rivals/pgrouting.missing" ] &&
		[ ! -f "$pgroot/share/postgresql/$major/extension/pgrouting.control" ]; then
		rm -rf "$pgroot"
	fi
}

# rival_program NAME TARGET SOURCE [COMPILER ARGUMENTS]: compile for a rival.
rival_program()
{
	rival=$1
	target=$2
	shift 2
	[ ! -f "$bench/rivals/$rival.missing" ] || return 0
	as_server gcc -O2 -Wall -o "$bench/bin/$target" "$@" >"$bench/log/build-$target.log" 2>&1 ||
		rival_missing "$rival" "compiling $target: $(reason "$bench/log/build-$target.log")"
}

# rival_programs NAME [COMPILER ARGUMENTS]: its reader and its writer.
rival_programs()
{
	rival_name=$1
	shift
	for kind in rival writer; do
		[ ! -f "$code/${kind}s/$rival_name.c" ] ||
			rival_program "$rival_name" "$kind-$rival_name" "$code/${kind}s/$rival_name.c" \
				"$code/${kind}s/$kind.c" "$code/rivals/load.c" -pthread "$@"
	done
}

bench_build()
{
	build_extension
	for program in generate pgtime; do
		as_server gcc -O2 -Wall -I"$(pg_config --includedir)" -o "$bench/bin/$program" \
			"$code/$program.c" -lpq || die "could not compile bench/$program.c"
	done
	rival_programs csr "$code/rivals/rows.c"
	rival_programs dobfs "$code/rivals/rows.c"
	as_server gcc -O2 -Wall -o "$bench/bin/algorithms" "$code/rivals/algorithms.c" "$code/rivals/load.c" ||
		die "could not compile bench/rivals/algorithms.c"
	rival_programs postgres -I"$(pg_config --includedir)" -lpq
	rival_programs sqlite -lsqlite3
	rival_programs rocksdb -lrocksdb \
		-DROCKSDB_VERSION="\"$(dpkg-query -W -f '${Version}' librocksdb-dev 2>/dev/null || :)\""
}

# ---------------------------------------------------------------------------
# Trees of source code, and what compilers know of them, for the part resolve. Both stay.
# ---------------------------------------------------------------------------

# debian_source PACKAGE: its original source, in the current folder. Lists of source
# packages are fetched once, into a place of their own: the system's may lack them.
debian_source()
{
	lists=$bench/resolve/lists
	sources=$bench/resolve/sources
	mkdir -p "$lists/partial" "$sources"
	# shellcheck source=/dev/null
	release=$(. /etc/os-release && say "$VERSION_CODENAME")
	say "deb-src http://deb.debian.org/debian $release main" >"$sources/debian.list"
	set -- "$1" -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$sources" -o Dir::State::lists="$lists" \
		-o APT::Sandbox::User=root -qq
	package=$1
	shift
	[ -n "$(find "$lists" -maxdepth 1 -name '*_Sources*' -print -quit)" ] || apt-get "$@" update >/dev/null || return 1
	apt-get "$@" source --download-only "$package" >/dev/null && tar -xf ./*.orig.tar.?z
}

# tree_unpack SOURCE FOLDER: the code of a package.
tree_unpack()
{
	mkdir -p "$2" "$2.part"
	case $1 in
		*:*)
			(cd "$2.part" && debian_source "${1%%:*}" && mv ./*/"${1#*:}"/* "$2/")
			;;
		?*@*)
			(cd "$2.part" && npm pack --silent "$1" >/dev/null && tar -xzf ./*.tgz && mv package/src "$2/")
			;;
		*)
			(cd "$2.part" && apt-get download -qq "$1" >/dev/null 2>&1 && dpkg -x ./*.deb . &&
				mv usr/lib/python3/dist-packages/* "$2/")
			;;
	esac
	tree_status=$?
	rm -rf "$2.part"
	return $tree_status
}

# tree_truth LANGUAGE FOLDER FILE
tree_truth()
{
	case $1 in
		python)
			say '[]' >"$3.env"
			(cd "$2" && "$npm/node_modules/.bin/scip-python" index . --quiet --environment "$3.env" \
				--project-name "$(basename "$2")" --project-version 1 --output "$3")
			;;
		typescript)
			(cd "$2" && "$npm/node_modules/.bin/scip-typescript" index --infer-tsconfig --no-progress-bar --output "$3")
			;;
		c) python3 "$top/bench/calls_c.py" "$2" >"$3" ;;
		java) java "$top/bench/Calls.java" "$2" >"$3" ;;
		go) GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE="$bench/resolve/cache" go run "$top/bench/calls.go" "$2" >"$3" ;;
		cpp) python3 "$top/bench/calls_cpp.py" "$2" >"$3" ;;
	esac
}

# bench_indexer: pt-index, for the parts indexing and resolve, which fail without.
bench_indexer()
{
	# shellcheck source=tools/index.sh
	. "$top/tools/index.sh"
	if build_indexer; then
		cp "$indexer" "$bench/bin/pt-index"
	else
		say "  pt-index cannot be had: $indexer_missing"
	fi
}

# truth_of LANGUAGE TREE: the file of what a compiler says of it.
truth_of()
{
	case $1 in
		python | typescript) say "$bench/resolve/$2.scip" ;;
		*) say "$bench/resolve/$2.tsv" ;;
	esac
}

# tree_ask LANGUAGE TREE: what a compiler says, unless that is known.
tree_ask()
{
	truth=$(truth_of "$1" "$2")
	[ ! -s "$truth" ] || return 0
	say "  asking a compiler about $2"
	if tree_truth "$1" "$bench/resolve/trees/$2" "$truth.part" >"$bench/log/truth-$2.log" 2>&1 </dev/null; then
		mv "$truth.part" "$truth"
	else
		rm -f "$truth.part"
		say "  there is no truth about $2, see $bench/log/truth-$2.log"
	fi
}

# bench_trees: makes what is missing. A tree without truth is not judged, and said to be so.
bench_trees()
{
	[ -f "$bench/bin/pt-index" ] || return 0
	rival_npm resolve @sourcegraph/scip-python@0.6.6
	rival_npm resolve @sourcegraph/scip-typescript@0.4.0
	rival_packages resolve dpkg-dev
	command -v javac >/dev/null || rival_packages resolve default-jdk-headless
	command -v x86_64-w64-mingw32-gcc >/dev/null || rival_packages resolve gcc-mingw-w64-x86-64-win32
	command -v go >/dev/null || rival_packages resolve golang-go
	# what the trees of Go import
	[ -d /usr/share/gocode/src/github.com/nats-io/jwt ] || rival_packages resolve golang-github-spf13-pflag-dev \
		golang-gopkg-yaml.v3-dev golang-github-cpuguy83-go-md2man-v2-dev golang-github-nats-io-jwt-dev \
		golang-github-nats-io-nkeys-dev golang-github-nats-io-nuid-dev golang-github-nats-io-go-nats-dev \
		golang-github-klauspost-compress-dev golang-github-minio-highwayhash-dev golang-golang-x-crypto-dev \
		golang-golang-x-time-dev golang-github-gdamore-tcell.v2-dev golang-github-mattn-go-isatty-dev \
		golang-github-mattn-go-runewidth-dev golang-github-mattn-go-shellwords-dev golang-github-rivo-uniseg-dev \
		golang-golang-x-term-dev golang-golang-x-sys-dev
	[ -d /usr/lib/python3/dist-packages/clang ] || rival_packages resolve python3-clang
	mkdir -p "$bench/resolve/trees"
	: >"$bench/resolve/trees.tsv"
	grep -v '^#' "$top/bench/trees" | while read -r tree language set tree_size source; do
		[ "$size" = full ] || [ "$tree_size" = quick ] || continue
		folder=$bench/resolve/trees/$tree
		if [ ! -d "$folder" ] && ! tree_unpack "$source" "$folder" </dev/null; then
			rm -rf "$folder"
			say "  $tree cannot be had: $source"
			continue
		fi
		printf '%s\t%s\t%s\n' "$tree" "$language" "$set" >>"$bench/resolve/trees.tsv"
	done
	# as many at a time as there are processors
	askers=$(nproc)
	asker=0
	while [ "$asker" -lt "$askers" ]; do
		awk -v n="$askers" -v i="$asker" 'NR % n == i { print $2, $1 }' "$bench/resolve/trees.tsv" |
			while read -r language tree; do tree_ask "$language" "$tree"; done &
		asker=$((asker + 1))
	done
	wait
	chmod -R a+rX "$bench/resolve"
}

# ---------------------------------------------------------------------------
# The server: durable, everything in its cache, otherwise as it comes.
# ---------------------------------------------------------------------------

bench_configuration()
{
	shm_kb=$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')
	if [ "${shm_kb:-0}" -ge "${shm_needed:-2000000}" ]; then shm_type=posix; else shm_type=mmap; fi
	cat <<-EOF
		listen_addresses = ''
		unix_socket_directories = '$PGHOST'
		port = $PGPORT
		max_connections = 120
		shared_preload_libraries = 'parseltongue'
		dynamic_shared_memory_type = $shm_type
		shared_buffers = 2GB
		effective_cache_size = 8GB
		maintenance_work_mem = 1GB
		max_wal_size = 8GB
		checkpoint_timeout = 30min
		random_page_cost = 1.1
		jit = off
	EOF
}

bench_ctl()
{
	as_server "$bindir/pg_ctl" "$@" -D "$data" -w -s -l "$bench/log/server.log" >/dev/null 2>&1 </dev/null
}

bench_sql()
{
	as_server "$bindir/psql" -X -q -v ON_ERROR_STOP=1 "$@"
}

bench_start()
{
	if [ ! -f "$data/PG_VERSION" ]; then
		quietly "$top/.pt/initdb.log" as_server "$bindir/initdb" -D "$data" -U postgres \
			-A trust -E UTF8 --no-locale --no-instructions || die "initdb failed"
	fi
	bench_stop
	bench_configuration | as_server tee "$data/postgresql.conf" >/dev/null
	bench_ctl start || die "the server did not start, see $bench/log/server.log"
	if [ -z "$(bench_sql -d postgres -Atc "SELECT 1 FROM pg_database WHERE datname = 'bench'")" ]; then
		bench_sql -d postgres -c 'CREATE DATABASE bench'
	fi
	bench_sql -c 'SET client_min_messages = warning' -c 'CREATE EXTENSION IF NOT EXISTS parseltongue'
	if [ ! -f "$bench/rivals/pgrouting.missing" ]; then
		bench_sql -c 'SET client_min_messages = warning' \
			-c 'CREATE EXTENSION IF NOT EXISTS pgrouting CASCADE' 2>"$top/.pt/pgrouting.log" ||
			rival_missing pgrouting "CREATE EXTENSION: $(head -n 1 "$top/.pt/pgrouting.log")"
	fi
}

bench_stop()
{
	if [ -f "$data/postmaster.pid" ]; then
		bench_ctl stop -m fast || :
	fi
}

# ---------------------------------------------------------------------------
# Facts for the report, and the parts.
# ---------------------------------------------------------------------------

bench_facts()
{
	changed=
	git -C "$top" diff --quiet HEAD 2>/dev/null || changed=' with changes'
	as_server tee "$bench/results/facts.tsv" >/dev/null <<-EOF
		size	$size
		command	./run bench$([ "$size" = full ] || say " $size")${kernel:+ kernel}${only:+ only=$only}
		date	$(date -u '+%F %H:%M') UTC
		commit	$(git -C "$top" rev-parse --short HEAD 2>/dev/null || say unknown)$changed
		processor	$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores
		memory	$(awk '$1 == "MemTotal:" { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo)
		system	$(sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' /etc/os-release), Linux $(uname -r)
		PostgreSQL	$(bench_sql -Atc 'SHOW server_version')
		settings	$(bench_configuration | grep -v -e socket -e listen -e port | paste -s -d ';' | sed 's/;/; /g')
		load before	$(cut -d ' ' -f 1-3 /proc/loadavg)
	EOF
}

# bench_python PART: bench/parts/PART.py as the server's user.
bench_python()
{
	as_server env BENCH="$bench" BENCH_CODE="$code" BENCH_SIZE="$size" BENCH_KERNEL="$kernel" BENCH_ONLY="$only" \
		BENCH_BIN="$bindir" BENCH_DATA="$data" NODE_PATH="$npm/node_modules" PYTHONPATH="$code" PYTHONDONTWRITEBYTECODE=1 \
		/usr/bin/python3 "$code/parts/$1.py" 2>"$top/.pt/bench.log" && return
	tail -n 5 "$top/.pt/bench.log" >&2
	return 1
}

# Disagreements are not for the report alone.
bench_loud()
{
	if [ -s "$bench/results/mismatches.tsv" ]; then
		say ""
		say "MISMATCH: these answers are not the plain C search's:"
		cat "$bench/results/mismatches.tsv"
		say ""
	fi
}
