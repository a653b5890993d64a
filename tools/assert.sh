# shellcheck shell=sh
# ./run check assert: the suites on a server with assertions, and ./run check
# assert-server, which builds it: from the distribution's source package of the
# version that is installed, or else of the newest minor release that can be
# had, into the place's folder assert/. PT_ASSERT_PGROOT names the root of
# another one, with the folders that the distribution has. Sourced by
# tools/check.sh.

# shellcheck disable=SC2034,SC2154	# variables of tools/check.sh and tools/lib.sh

assert_prepare()
{
	if [ -n "${PT_ASSERT_PGROOT:-}" ]; then
		installed=$PT_ASSERT_PGROOT
		[ -x "$installed/lib/postgresql/$major/bin/postgres" ] ||
			die "PT_ASSERT_PGROOT: there is no PostgreSQL $major in $installed"
	else
		assert_server
		installed=$place/assert
	fi
}

assert_finish()
{
	printf '  %-28s ' "assertions"
	if grep -q '^#define USE_ASSERT_CHECKING 1' "$work/pgroot/include/postgresql/$major/server/pg_config.h"; then
		say "1 passed, 0 failed"
		record 1 0 assertions
	else
		say "0 passed, 1 failed (the server has none)"
		record 0 1 assertions
	fi
}

# Build the server unless it is there.
assert_server()
{
	assert_version=$(dpkg-query -W -f '${Version}' "postgresql-$major") ||
		die "PostgreSQL $major is not a package, so there is no source package of it"
	if [ "$(cat "$place/assert/version" 2>/dev/null)" = "$assert_version" ]; then
		return
	fi
	assert_packages
	rm -rf "$place/assert" "$place/assert.build"
	as_server mkdir "$place/assert" "$place/assert.build"
	say "Building PostgreSQL $major with assertions, which takes some minutes"
	quietly "$top/.pt/assert-source.log" assert_source ||
		die "could not get the source of postgresql-$major, see $top/.pt/assert-source.log"
	quietly "$top/.pt/assert-build.log" assert_make ||
		die "the build failed, see $top/.pt/assert-build.log"
	rm -rf "$place/assert.build"
	say "$assert_version" | as_server tee "$place/assert/version" >/dev/null
	say "Installed $("$place/assert/lib/postgresql/$major/bin/postgres" --version) in $place/assert"
}

# Not apt-get build-dep: that is everything any part of PostgreSQL can use.
assert_packages()
{
	assert_missing=
	for assert_package in bison dpkg-dev flex libicu-dev pkg-config zlib1g-dev; do
		dpkg-query -W -f '${Status}' "$assert_package" 2>/dev/null | grep -q ' installed$' ||
			assert_missing="$assert_missing $assert_package"
	done
	[ -n "$assert_missing" ] || return 0
	[ "$(id -u)" -eq 0 ] || die "missing:$assert_missing (install them as root)"
	# shellcheck disable=SC2086	# names are words
	"$top/tools/bootstrap" packages $assert_missing
}

# The source package, with apt's lists and settings for it in a folder of ours:
# the sources that apt is set to, as sources of source packages.
assert_source()
{
	assert_apt=$place/assert.build/apt
	as_server mkdir -p "$assert_apt/sources" "$assert_apt/lists/partial" "$assert_apt/cache/archives/partial"
	for assert_list in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
		[ ! -f "$assert_list" ] || sed -n 's/^[[:space:]]*deb[[:space:]]/deb-src /p' "$assert_list" |
			as_server tee "$assert_apt/sources/${assert_list##*/}" >/dev/null
	done
	for assert_list in /etc/apt/sources.list.d/*.sources; do
		[ ! -f "$assert_list" ] || sed 's/^Types:.*/Types: deb-src/' "$assert_list" |
			as_server tee "$assert_apt/sources/${assert_list##*/}" >/dev/null
	done
	set -- -o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$assert_apt/sources" \
		-o "Dir::State::lists=$assert_apt/lists" -o "Dir::Cache=$assert_apt/cache"
	# Some other source may not be reached: what matters is the package.
	as_server apt-get "$@" update || :
	# A mirror may lack the source of a version whose packages it has.
	for assert_source in "$assert_version" $(as_server apt-cache "$@" showsrc "postgresql-$major" |
		sed -n 's/^Version: //p' | sort -rV | grep -vxF "$assert_version"); do
		! as_server env -C "$place/assert.build" apt-get "$@" source --download-only \
			"postgresql-$major=$assert_source" || break
	done
	set -- "$place/assert.build"/*.dsc
	[ -f "$1" ] || return 1
	as_server dpkg-source -x "$1" "$place/assert.build/source"
}

# In the folders that the distribution has, below a root of its own. Its patches
# put libraries under /usr unless the folder for them has "postgres" in its name.
assert_make()
{
	as_server env -C "$place/assert.build/source" ./configure --prefix="$place/assert" \
		--bindir="$place/assert/lib/postgresql/$major/bin" \
		--libdir="$place/assert/lib/postgresql/$major/lib" \
		--datadir="$place/assert/share/postgresql/$major" --includedir="$place/assert/include/postgresql" \
		--enable-cassert --enable-debug --enable-tap-tests --with-icu --without-readline \
		CFLAGS='-O1 -g' || return 1
	for assert_target in all install; do
		for assert_part in . contrib; do
			as_server env -u MAKEFLAGS -u MFLAGS -u DESTDIR make -s -j "$(nproc)" \
				-C "$place/assert.build/source/$assert_part" "$assert_target" || return 1
		done
	done
}
