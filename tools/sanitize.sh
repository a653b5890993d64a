# shellcheck shell=sh
# ./run check sanitize: the suites with AddressSanitizer and
# UndefinedBehaviorSanitizer in the extension, on the server as it is. Sourced
# by tools/check.sh.
#
# Every report is a failure: the process aborts, and what it says goes to a file
# of its own in .pt/check/sanitizer/, which is looked for at the end, whether or
# not a test noticed. Errors within a chunk of palloc stay unseen.

# shellcheck disable=SC2034,SC2154	# variables of tools/check.sh and tools/lib.sh

# Tests that say something about memory or time, which sanitizers take more of;
# sanitized processes keep what is freed for a while.
sanitize_skips="080_memory"

sanitize_prepare()
{
	as_server mkdir "$work/out/sanitizer"
	# for compiler and linker
	sanitizers="-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer -O1 -g"
	export PT_CHECK_SKIP="$sanitize_skips" PT_SUITE_LIMIT=1800
}

# Every postgres of the installation starts with the sanitizer's library. Loading
# that alone hangs the server: libgpg-error's constructor waits for a lock that
# the sanitizer holds while it starts. A library that allocates before both has
# it over with.
sanitize_install()
{
	sanitize_bin=$work/pgroot/lib/postgresql/$major/bin
	as_server tee "$work/early.c" >/dev/null <<-'END'
		#include <stdlib.h>
		__attribute__((constructor)) static void
		early(void)
		{
			void	   *volatile p = malloc(1);

			free(p);
		}
	END
	as_server gcc -shared -fPIC -Wl,-z,initfirst -o "$work/early.so" "$work/early.c" ||
		die "could not build what the sanitizers need"
	as_server mv "$sanitize_bin/postgres" "$sanitize_bin/postgres.bin"
	sanitize_options="abort_on_error=1:print_stacktrace=1:log_path=$work/out/sanitizer/report"
	as_server tee "$sanitize_bin/postgres" >/dev/null <<-END
		#!/bin/sh
		LD_PRELOAD="$(gcc -print-file-name=libasan.so) $work/early.so"
		ASAN_OPTIONS=detect_leaks=0:$sanitize_options
		UBSAN_OPTIONS=$sanitize_options
		export LD_PRELOAD ASAN_OPTIONS UBSAN_OPTIONS
		exec "\${0%/*}/postgres.bin" "\$@"
	END
	as_server chmod 755 "$sanitize_bin/postgres"
}

# The reports, each a failure; and proof that there were sanitizers.
sanitize_finish()
{
	sanitize_reports=$(find "$work/out/sanitizer" -type f | wc -l)
	printf '  %-28s ' "reports of the sanitizers"
	if ! nm -D "$work/tree/parseltongue.so" | grep -q __asan_init; then
		say "0 passed, 1 failed (the library has none)"
		record 0 1 "the sanitizers"
	elif [ "$sanitize_reports" -eq 0 ]; then
		say "1 passed, 0 failed"
		record 1 0 "the sanitizers"
	else
		say "0 passed, $sanitize_reports failed"
		find "$work/out/sanitizer" -type f -exec head -n 25 {} + | head -n 120
		record 0 "$sanitize_reports" "reports of the sanitizers"
	fi
}
