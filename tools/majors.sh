# shellcheck shell=sh
# ./run check majors. Sourced by tools/check.sh.
#
# Runs ./run check once for each major version of PostgreSQL: with the machine's
# own where that has it installed, else in a chroot (tools/chroot). A major
# whose packages cannot be had is skipped, and a line says so; a failure of
# ours to make a chroot is a failure.
#
# What the suites print is kept in .pt/majors/MAJOR/.

# shellcheck disable=SC2154	# top comes from run

known_majors="15 16 17 18 19"

# check_majors [MAJOR...] [PART [NAMES]]: after PT_MINUTES, if that is set,
# what has not ended is cut short, and what it has not come to is skipped.
check_majors()
{
	majors=
	while [ $# -gt 0 ]; do
		case $1 in
			*[!0-9]* | '') break ;;
		esac
		majors="$majors $1"
		shift
	done
	[ -n "$majors" ] || majors=$known_majors

	passed=0
	failed=0
	skipped=0
	summary=
	began=$(date +%s)
	# The distribution's own major, if there is none yet.
	[ -n "$(pg_major)" ] || need_packages check
	mkdir -p "$top/.pt/majors"
	for major in $majors; do
		check_major "$@"
		summary="$summary
  PostgreSQL $major: $verdict"
	done
	say "$summary"
	say "$passed passed, $failed failed$([ "$skipped" -eq 0 ] || say ", $skipped skipped")"
	[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}

# check_major [PART [NAMES]]: adds to the counts, and sets $verdict.
check_major()
{
	say "PostgreSQL $major"
	exec 8>"$top/.pt/majors/$major.lock"
	flock -n 8 || die "another ./run check majors is at work on $major in this checkout"
	if is_late; then
		skip_major "no time is left"
	elif [ -x "/usr/lib/postgresql/$major/bin/postgres" ]; then
		run_major env PG_MAJOR="$major" "$top/run" check "$@"
		keep_major "$top"
	elif ! reason=$("$top/tools/chroot" possible); then
		skip_major "not installed, and $reason"
	elif make_major; then
		copy_checkout "$chroot$top_inside"
		run_major "$top/tools/chroot" enter "$major" \
			env PG_MAJOR="$major" "$top_inside/run" check "$@"
		keep_major "$chroot$top_inside"
	fi
}

# seconds_left: at least 1, since 0 would mean no limit to timeout.
seconds_left()
{
	left=86400
	[ -z "${PT_MINUTES:-}" ] || left=$((PT_MINUTES * 60 + began - $(date +%s)))
	[ "$left" -ge 1 ] || left=1
	say "$left"
}

is_late()
{
	[ "$(seconds_left)" -le 1 ]
}

skip_major()
{
	skipped=$((skipped + 1))
	verdict="skipped: $1"
	say "  $major: $verdict"
}

# make_major: the chroot, or a verdict.
make_major()
{
	chroot=$top/.pt/chroots/$major
	top_inside=/parseltongue
	make_log=$top/.pt/majors/$major.make.log
	shown "$make_log" "$top/tools/chroot" make "$major" && status=0 || status=$?
	if [ "$status" -ne 0 ] && is_late; then
		skip_major "no time is left"
		return 1
	fi
	case $status in
		0) return 0 ;;
		75) skip_major "$(tail -n 1 "$make_log")" ;;
		*)
			failed=$((failed + 1))
			verdict="FAILED: $(tail -n 1 "$make_log")"
			;;
	esac
	return 1
}

# copy_checkout DIR: nothing of an earlier run stays.
copy_checkout()
{
	rm -rf --one-file-system "$1"
	mkdir -p "$1"
	tar -C "$top" --exclude=./.git --exclude=./.pt --exclude=./bench/out \
		--exclude='*.o' --exclude='*.d' --exclude='*.so' --exclude='*.bc' -cf - . |
		tar -C "$1" --no-same-owner -xf -
}

# shown LOG COMMAND...: shows what it prints with the major in each title, as it
# comes, for as long as there is time.
shown()
{
	shown_log=$1
	shift
	# Not always, since timeout keeps the keyboard's signals from the command.
	limit=
	[ -z "${PT_MINUTES:-}" ] || limit="timeout -k 60 $(seconds_left)"
	rm -f "$shown_log.status"
	{
		shown_status=0
		# shellcheck disable=SC2086	# words
		$limit "$@" 2>&1 </dev/null 8>&- || shown_status=$?
		say "$shown_status" >"$shown_log.status"
	} | tee "$shown_log" | sed -u -e "s/^  \([^ ]\)/  $major: \1/" -e "s/^FAILED: /FAILED: $major: /"
	# Nothing is told by a shell that was killed.
	shown_status=$(cat "$shown_log.status" 2>/dev/null) || shown_status=1
	rm -f "$shown_log.status"
	return "$shown_status"
}

# run_major COMMAND...: shows what it prints, and counts.
run_major()
{
	output=$top/.pt/majors/$major.output
	shown "$output" "$@" && status=0 || status=$?

	last=$(tail -n 1 "$output")
	case $last in
		[0-9]*' passed, '[0-9]*' failed')
			# shellcheck disable=SC2086	# words
			set -- $last
			;;
		*)
			# It was cut short: the lines of the suites that ended.
			# shellcheck disable=SC2046
			set -- $(awk '/^  .* [0-9]+ passed, [0-9]+ failed/ {
					match($0, /[0-9]+ passed, [0-9]+ failed/)
					split(substr($0, RSTART, RLENGTH), n, " ")
					p += n[1]; f += n[3]
				}
				END { print p + 0, "passed,", f + 0 }' "$output")
			;;
	esac
	# Whatever the numbers say, a check that failed has failed.
	if [ "$status" -ne 0 ] && [ "$3" -eq 0 ] && ! is_late; then
		set -- "$1" passed, 1
	fi
	passed=$((passed + $1))
	failed=$((failed + $3))
	verdict="$1 passed, $3 failed"
	if [ "$status" -ne 0 ] && is_late; then
		skipped=$((skipped + 1))
		verdict="$verdict, the rest skipped: no time is left"
		say "  $major: $verdict"
	fi
}

# keep_major TOP: the output of the suites, of the checkout they ran in.
keep_major()
{
	rm -rf "$top/.pt/majors/$major"
	mkdir "$top/.pt/majors/$major"
	mv "$output" "$top/.pt/majors/$major/output"
	[ ! -d "$1/.pt/check" ] || cp -R "$1/.pt/check/." "$top/.pt/majors/$major/"
}
