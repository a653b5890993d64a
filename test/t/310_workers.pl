# Background workers: they merge images while everybody goes on walking, are in
# nobody's way, and bring images back after a restart.  Where there is none,
# sessions do it.  Every answer is compared with the recursive query.
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use PtTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);

# Graph g: 150,000 edges, of which what 1 reaches is small enough to be compared
# each time. Its image is merged when 25,000 entries are new.
my $MAKE = <<'SQL';
CREATE TABLE g (a int NOT NULL, b int NOT NULL, cost int GENERATED ALWAYS AS (a * 3 - b) STORED) WITH (autovacuum_enabled = off);
INSERT INTO g SELECT i, i * 7 % 500 + 1 FROM generate_series(1, 500) i;
INSERT INTO g SELECT 1000 + i, 1000 + i * 7919::bigint % 90000 FROM generate_series(1, 150000) i;
CREATE INDEX g_adj ON g USING adjacency (a, b) INCLUDE (cost);
CREATE INDEX ON g (a, b);
CREATE INDEX ON g (b, a);
ANALYZE g;
CREATE FUNCTION differences(direction text) RETURNS SETOF bigint LANGUAGE sql SET jit = off SET enable_seqscan = off AS $$
	WITH RECURSIVE reached (n) AS (SELECT 1 UNION SELECT CASE direction WHEN 'out' THEN e.b ELSE e.a END FROM reached,
			LATERAL (SELECT a, b FROM g WHERE a = n AND direction = 'out' UNION ALL SELECT a, b FROM g WHERE b = n AND direction = 'in') e)
	SELECT coalesce(r.n, w.node) FROM reached r FULL JOIN pt_bfs('g', 1, NULL, direction) w ON w.node = r.n
	WHERE r.n IS NULL OR w.node IS NULL $$;
CREATE FUNCTION grow(n int) RETURNS void LANGUAGE sql AS $$
	INSERT INTO g SELECT i % 500 + 1, 501 + i % 40 FROM generate_series(1, 40) i;
	INSERT INTO g SELECT 1000 + i, 2000 + i FROM generate_series(1, n) i $$;
-- edges whose weight is not what their ends make it
CREATE FUNCTION wrong_weights(keys text[] DEFAULT NULL) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT e::text FROM unnest('{in,out}'::text[]) d, _parseltongue.pt_weighted_edges('g', d, keys) e WHERE weight <> from_key::int * 3 - to_key::int $$;
-- what the first walk had to do; all of them are right
CREATE FUNCTION agree() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	origin text;
BEGIN
	PERFORM count(*) FROM pt_bfs('g', 1);
	SELECT image_origin INTO origin FROM pt_last_walk();
	IF EXISTS (SELECT FROM differences('out') UNION ALL SELECT FROM differences('in')) THEN
		RAISE EXCEPTION 'WRONG WALK: %, %', ARRAY(SELECT differences('out') LIMIT 5), ARRAY(SELECT differences('in') LIMIT 5);
	END IF;
	IF EXISTS (SELECT FROM wrong_weights('{1,2,77,400,1003,2000,30000}')) THEN
		RAISE EXCEPTION 'WRONG WALK: weights';
	END IF;
	RETURN origin;
END $$;
-- walks one after the other, and where each had its image from
CREATE FUNCTION origins(n int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	origins text := '';
	counts bigint[] := '{}';
BEGIN
	FOR i IN 1 .. n LOOP
		counts := counts || (SELECT count(*) FROM pt_bfs('g', 1));
		origins := origins || (SELECT image_origin FROM pt_last_walk()) || ' ';
	END LOOP;
	IF (SELECT count(DISTINCT c) FROM unnest(counts) c) > 1 THEN
		RAISE EXCEPTION 'WRONG WALK: %', counts;
	END IF;
	RETURN origins;
END $$;
SQL
my $STATES = "SELECT coalesce(string_agg(state, ' ' ORDER BY state), '') FROM pt_images() WHERE index = 'g_adj'::regclass";
my $WORKERS = "SELECT count(*) FROM pg_stat_activity WHERE backend_type ~ '^parseltongue'";
my $BUILT = "SELECT coalesce(max(built_at)::text, 'none') FROM pt_images() WHERE state = 'ready' AND index = 'g_adj'::regclass";

my $node = pt_node('workers', preload => 1, init => { allows_streaming => 1 },
	conf => "autovacuum = off\nmax_wal_size = 1GB\nparseltongue.max_workers = 2\nmax_prepared_transactions = 1\nlog_min_messages = debug1\n");
$node->safe_psql('postgres', $MAKE);

# Wait until the log has something more often than it had.
sub wait_for_log
{
	my ($pattern, $before) = @_;
	my $end = time() + 180;
	my $found;
	do { $found = () = slurp_file($node->logfile) =~ /$pattern/g } while ($found <= $before && time() < $end && sleep(0.05));
	return $found;
}

sub idle
{
	my ($what) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	return ok(pt_wait_for($node, "SELECT ($WORKERS) = 0"), "$what: no worker stays");
}

# ---- a reader goes on while a worker merges ----

my $reader = $node->background_psql('postgres');
my $other = $node->background_psql('postgres');
is($reader->query_safe('SELECT agree()'), 'built', 'the first walk builds');
my %seen;
foreach my $turn (1 .. 3)
{
	my $built = $node->safe_psql('postgres', $BUILT);
	$reader->query_safe('SELECT grow(30000)');
	my $until = time() + 180;
	do
	{
		$seen{ $reader->query_safe('SELECT agree()') }++;
		$seen{ $other->query_safe('SELECT agree()') }++;
	} while ($node->safe_psql('postgres', $BUILT) eq $built && time() < $until);
	isnt($node->safe_psql('postgres', $BUILT), $built, "turn $turn: a worker has merged the image");
	$seen{ $_->query_safe('SELECT agree()') }++ foreach $reader, $other;
}
ok(!$seen{merged} && !$seen{built}, 'and no session has') or diag join ' ', %seen;
idle('merged');
is($reader->query_safe('SELECT count(*) FROM wrong_weights()'), '0', 'each edge has the weight of its row');

# ---- pt_prewarm does it itself ----

$node->safe_psql('postgres', 'SELECT grow(30000)');
is($node->safe_psql('postgres', "SELECT image_place, image_origin, edges > 250000, image_bytes > 0, elapsed > '0' FROM pt_prewarm('g')"),
	'shared|merged|t|t|t', 'pt_prewarm merges');
is($node->safe_psql('postgres', "SELECT image_origin FROM pt_prewarm('g'); SELECT image_origin FROM pt_prewarm('g_adj')"),
	"attached\nkept", 'once');

# ---- a worker that fails ----

$node->safe_psql('postgres', "ALTER DATABASE postgres SET parseltongue.local_image_memory = '64kB'");
my $errors = () = slurp_file($node->logfile) =~ /ERROR:  graph image needs/g;
$other->query_safe("SET parseltongue.local_image_memory = '512MB'");
$other->query_safe('SELECT agree()');
$other->query_safe('SELECT grow(30000)');
is($other->query_safe('SELECT agree()'), 'kept', 'a worker is asked that has too little memory');
wait_for_log(qr/ERROR:  graph image needs/, $errors);
idle('failed');
# who has asked does not ask again at once
sleep(0.3);
is($other->query_safe('SELECT agree()'), 'merged', 'the session merges itself');
my $more = () = slurp_file($node->logfile) =~ /ERROR:  graph image needs/g;
is($more - $errors, 1, 'and the error was met once');
$node->safe_psql('postgres', 'ALTER DATABASE postgres RESET parseltongue.local_image_memory');

# Run SQL that comes to wait for somebody's build.
sub wait_for_build
{
	my ($sql) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my $waits = pt_bg($node, 'psql', '-XqAt', '-c', $sql, 'postgres');
	ok(pt_wait_for($node, "SELECT count(*) = 1 FROM pg_stat_activity WHERE backend_type = 'client backend' AND wait_event_type = 'Extension'"),
		"a session waits for it: $sql");
	return $waits;
}

# ---- a worker that is stopped in the midst of its work ----

# Stop who builds; undef if he was too quick. who: a condition on pg_stat_activity;
# before: when the image was built that there was before.
sub stop_build
{
	my ($watch, $who, $before) = @_;
	my $pid = $watch->query_safe(<<"SQL");
DO \$\$
BEGIN
	FOR i IN 1 .. 5000 LOOP
		PERFORM pg_stat_clear_snapshot();
		EXIT WHEN EXISTS (SELECT FROM pt_images() WHERE state = 'building' OR state = 'ready' AND built_at > '$before');
		PERFORM pg_sleep(0.002);
	END LOOP;
END \$\$;
SELECT max(pid) FROM pg_stat_activity WHERE $who AND pid <> pg_backend_pid()
SQL
	return undef unless $pid && kill('STOP', $pid);
	return $pid if pt_ask_beside($pid, $watch, "SELECT count(*) FROM pt_images() WHERE state = 'building'");
	kill 'CONT', $pid;
	return undef;
}

# Run SQL while a process is stopped, and return what it prints.
sub beside
{
	my ($stopped, $sql) = @_;
	my ($rc, $out, $err) = pt_bg_stop_beside($stopped, pt_bg($node, 'psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', '-c', $sql, 'postgres'));
	die "$sql: $err" if $rc;
	chomp $out;
	return $out;
}

my $NOW = 'SELECT clock_timestamp()';

# Stop a worker; undef if it was too quick each time.
sub stop_worker
{
	my ($db) = @_;
	my $walker = $node->background_psql($db);
	my $watch = $node->background_psql('postgres');
	my $stopped;
	foreach my $try (1 .. 50)
	{
		my $before = $watch->query_safe($NOW);
		$walker->query_safe('SELECT grow(30000)');
		$walker->query_safe("SELECT count(*) FROM pt_bfs('g', 1)");
		last if $stopped = stop_build($watch, "backend_type = 'parseltongue merge' AND datname = '$db'", $before);
		pt_wait_for($node, "SELECT ($WORKERS) = 0");
	}
	$_->quit foreach $walker, $watch;
	return $stopped;
}

# Wait for a base to be superseded, and stop the worker that would see to its end some
# seconds later; it is let go on when that may come.
sub stop_at_rest
{
	my $watch = $node->background_psql('postgres');
	my $pid = $watch->query_safe(<<"SQL");
DO \$\$
BEGIN
	FOR i IN 1 .. 50000 LOOP
		PERFORM pg_stat_clear_snapshot();
		EXIT WHEN EXISTS (SELECT FROM pg_stat_activity WHERE backend_type = 'parseltongue merge' AND datname = 'postgres' AND wait_event_type = 'Extension')
			AND ($STATES) = 'ready superseded';
		PERFORM pg_sleep(0.002);
	END LOOP;
END \$\$;
SELECT max(pid) FROM pg_stat_activity WHERE backend_type = 'parseltongue merge' AND datname = 'postgres'
SQL
	kill 'STOP', $pid if $pid;
	my $lingers = $pid && pt_ask_beside($pid, $watch, "SELECT ($STATES) = 'ready superseded'") eq 't';
	$watch->quit;
	return $lingers ? $pid : undef;
}

SKIP:
{
	skip 'no signals', 1 if $PostgreSQL::Test::Utils::windows_os;

	# It has neither snapshot nor barrier: VACUUM goes on, and what it removes
	# meanwhile is removed from the image that is published afterwards.
	my $pid = stop_worker('postgres');
	ok($pid, 'a worker is stopped while it merges');
	is($node->safe_psql('postgres', "SELECT backend_xid IS NULL AND backend_xmin IS NULL FROM pg_stat_activity WHERE pid = $pid"),
		't', 'it has no snapshot');
	is($node->safe_psql('postgres', "SELECT count(*) FROM pg_locks WHERE pid = $pid AND locktype = 'tuple'"), '0', 'nor is it in the barrier');
	like(beside($pid, 'SELECT agree()'), qr/attached/, 'walks go on');
	beside($pid, 'DELETE FROM g WHERE a BETWEEN 100 AND 400; DELETE FROM g WHERE a > 1000 AND a % 3 = 0');
	beside($pid, 'VACUUM g');
	beside($pid, 'INSERT INTO g SELECT 450 + i % 50, 600 + i FROM generate_series(1, 3000) i; INSERT INTO g VALUES (600, 1)');
	unlike(beside($pid, 'SELECT agree()'), qr/merged/, 'walks go on after VACUUM');
	is(beside($pid, 'SELECT grow(80000); SELECT agree()') =~ /merged|built/ ? 1 : 0, 0, 'beyond the second bound nobody does what is being done');
	kill 'CONT', $pid;
	idle('continued');
	$node->safe_psql('postgres', 'SELECT agree()') foreach 1 .. 2;
	idle('continued and asked again');
	pass('answers of what was merged meanwhile are right');
	pt_clean($node, 'after VACUUM during a merge', 'g_adj');

	# Who walks comes over to the new base step by step, and is answered from the
	# former one until then. Others find the new one at once.
	my $mover = $node->background_psql('postgres');
	my $sleeper = $node->background_psql('postgres');
	$_->query_safe('SELECT agree()') foreach $mover, $sleeper;
	$pid = stop_worker('postgres');
	ok($pid, 'a worker is stopped before much is written');
	beside($pid, 'SELECT grow(120000); DELETE FROM g WHERE a = 50');
	like(pt_ask_beside($pid, $mover, 'SELECT agree()'), qr/kept/, 'a session reads all of it');
	kill 'CONT', $pid;
	$pid = stop_at_rest();
	ok($pid, 'the former base lingers');
	like(pt_ask_beside($pid, $mover, 'SELECT origins(4)'), qr/^(kept ){4}$/, 'the session stays where it is');
	pt_ask_beside($pid, $mover, "INSERT INTO g VALUES (50, 1), (1, 7000000); DELETE FROM g WHERE a = 60");
	like(pt_ask_beside($pid, $mover, 'SELECT origins(12)'), qr/^(kept )+attached (kept )+$/, 'until it has read the rest for the new one');
	is(pt_ask_beside($pid, $mover, 'SELECT agree()'), 'kept', 'which is right');
	kill 'CONT', $pid;
	idle('superseded');
	is($node->safe_psql('postgres', $STATES), 'ready', 'what is superseded goes, though a session had it');
	is($sleeper->query_safe('SELECT agree()'), 'attached', 'which finds the new one');

	# It goes at once where room is needed, and what stays is the new one.
	$pid = stop_worker('postgres');
	ok($pid, 'a worker is stopped once more');
	kill 'CONT', $pid;
	ok(pt_wait_for($node, "SELECT ($STATES) = 'ready superseded'"), 'a base lingers');
	my $kb = $node->safe_psql('postgres', "SELECT sum(segment_bytes) / 1024 - 1 FROM (SELECT DISTINCT segment, segment_bytes FROM pt_images()) i");
	$node->safe_psql('postgres', "ALTER SYSTEM SET parseltongue.shared_image_memory = '${kb}kB'");
	$node->reload;
	ok(pt_wait_for($node, "SELECT current_setting('parseltongue.shared_image_memory') ~ 'kB'"), 'a lower setting');
	is($node->safe_psql('postgres', "SELECT agree(); $STATES"), "attached\nready", 'it goes');
	$node->safe_psql('postgres', 'ALTER SYSTEM RESET parseltongue.shared_image_memory');
	$node->reload;
	idle('room');

	# Or with the worker that would have seen to it.
	$pid = stop_worker('postgres');
	ok($pid, 'a worker is stopped that will be terminated');
	kill 'CONT', $pid;
	ok(pt_wait_for($node, "SELECT ($STATES) = 'ready superseded'"), 'a base lingers once more');
	$node->safe_psql('postgres', "SELECT pg_terminate_backend($pid)");
	idle('terminated while it waits');
	is($node->safe_psql('postgres', $STATES), 'ready', 'it goes with its worker');

	# Or when the next one is merged: of each log one lingers, or frequent merges would
	# keep as many bases as there is room for.
	$pid = stop_worker('postgres');
	ok($pid, 'a worker is stopped for the first of two merges');
	kill 'CONT', $pid;
	ok(pt_wait_for($node, "SELECT ($STATES) = 'ready superseded'"), 'the first lingers');
	my $first = $node->safe_psql('postgres', $BUILT);
	$node->safe_psql('postgres', 'SELECT agree(); SELECT grow(30000); SELECT agree()');
	ok(pt_wait_for($node, "SELECT ($BUILT) <> '$first'"), 'there is another merge');
	unlike($node->safe_psql('postgres', $STATES), qr/superseded superseded/, 'of which only the last lingers');
	is($mover->query_safe('SELECT agree()'), 'attached', 'who had the first comes over at once');
	idle('merged twice');

	# Who has not the memory for both comes over at once, too.
	$pid = stop_worker('postgres');
	ok($pid, 'a worker is stopped before much is written again');
	beside($pid, 'SELECT grow(120000)');
	like(pt_ask_beside($pid, $mover, 'SELECT agree()'), qr/kept/, 'a session reads it');
	kill 'CONT', $pid;
	ok(pt_wait_for($node, "SELECT ($STATES) = 'ready superseded'"), 'the former base lingers');
	is($mover->query_safe("SET parseltongue.local_image_memory = '30MB'; SELECT origins(2)"), 'attached kept ', 'but half of the memory is for others');
	$mover->query_safe('RESET parseltongue.local_image_memory; SELECT agree()');
	idle('with little memory');

	# Or with the file that it is of, and with it what a session has read on either.
	$pid = stop_worker('postgres');
	ok($pid, 'a worker is stopped before the index is built anew');
	beside($pid, 'SELECT grow(60000)');
	pt_ask_beside($pid, $mover, 'SELECT agree()');
	kill 'CONT', $pid;
	$pid = stop_at_rest();
	ok($pid, 'a base lingers');
	is(pt_ask_beside($pid, $mover, 'SELECT origins(2)'), 'kept kept ', 'a session is on its way to the next');
	kill 'CONT', $pid;
	is($node->safe_psql('postgres', "REINDEX INDEX g_adj; $STATES"), '', 'none is left of the former file');
	is($mover->query_safe('SELECT agree()'), 'built', 'and answers are right');
	idle('built anew');

	# What settings may do meanwhile.
	$pid = stop_worker('postgres');
	ok($pid, 'a worker is stopped before images are shared no more');
	beside($pid, 'SELECT grow(60000)');
	pt_ask_beside($pid, $mover, 'SELECT agree()');
	kill 'CONT', $pid;
	ok(pt_wait_for($node, "SELECT ($STATES) = 'ready superseded'"), 'a base lingers');
	$mover->query_safe('SELECT agree()');
	$node->safe_psql('postgres', 'ALTER SYSTEM SET parseltongue.shared_image_memory = 0; ALTER SYSTEM SET parseltongue.max_workers = 0');
	$node->reload;
	ok(pt_wait_for($node, "SELECT current_setting('parseltongue.shared_image_memory') = '0'"), 'images are shared no more');
	is($node->safe_psql('postgres', 'SELECT image_place FROM (SELECT agree() AS a) w, LATERAL (SELECT * FROM pt_last_walk() WHERE a IS NOT NULL) l'), 'local', 'sessions build their own');
	$mover->query_safe('SELECT agree()') foreach 1 .. 3;
	is($node->safe_psql('postgres', $STATES), '', 'and none is left');
	$node->safe_psql('postgres', 'ALTER SYSTEM RESET parseltongue.shared_image_memory; ALTER SYSTEM RESET parseltongue.max_workers');
	$node->reload;
	ok(pt_wait_for($node, "SELECT current_setting('parseltongue.shared_image_memory') <> '0'"), 'they are again');
	$mover->query_safe('SELECT agree()') foreach 1 .. 2;
	idle('not shared');
	$_->quit foreach $mover, $sleeper;
	$node->safe_psql('postgres', 'SELECT agree()');

	# Terminated: the next session does it, one that has waited in the first place.
	$pid = stop_worker('postgres');
	ok($pid, 'another worker is stopped');
	my $waits = wait_for_build("SELECT image_origin FROM pt_prewarm('g')");
	$node->safe_psql('postgres', "SELECT pg_terminate_backend($pid)");
	kill 'CONT', $pid;
	is(join('|', pt_bg_stop($waits)), "0|merged\n|", 'pt_prewarm does what the worker has not');
	idle('terminated');
	is($node->safe_psql('postgres', "SELECT count(*) FROM pt_images() WHERE state = 'building'"), '0', 'it leaves no claim behind');
	like($node->safe_psql('postgres', 'SELECT agree()'), qr/merged|attached/, 'and sessions do it');

	# A log that is rewritten: what was read of the old one is of no use.
	$pid = stop_worker('postgres');
	ok($pid, 'a worker is stopped before the log is rewritten');
	my $epoch = $node->safe_psql('postgres', "SELECT epoch FROM pt_graph_status('g')");
	beside($pid, 'DELETE FROM g WHERE a > 1000 AND a % 10 < 9');
	beside($pid, 'VACUUM g') foreach 1 .. 2;
	beside($pid, 'SELECT grow(5000); SELECT agree()');
	cmp_ok($node->safe_psql('postgres', "SELECT epoch FROM pt_graph_status('g')"), '>', $epoch, 'VACUUM has rewritten it');
	my $newer = $node->safe_psql('postgres', $BUILT);
	kill 'CONT', $pid;
	idle('rewritten');
	is($node->safe_psql('postgres', $BUILT), $newer, 'the newer image stays');
	$node->safe_psql('postgres', 'SELECT agree()');
	pt_clean($node, 'after a log was rewritten during a merge', 'g_adj');

	# So does a walk that has no memory for the log's tail, only for a base.
	$pid = stop_worker('postgres');
	ok($pid, 'a worker is stopped that somebody has to wait for');
	beside($pid, 'SELECT grow(250000)');
	$waits = wait_for_build("SET parseltongue.local_image_memory = '30MB'; SELECT agree()");
	$node->safe_psql('postgres', "SELECT pg_terminate_backend($pid)");
	kill 'CONT', $pid;
	is(join('|', pt_bg_stop($waits)), "0|built\n|", 'and builds what the worker has not merged');
	idle('built');
	$node->safe_psql('postgres', 'REINDEX INDEX g_adj; SELECT agree()');

	# A lock that it stands in the way of, for longer than it takes to look. It may have
	# been stopped when it had looked for the last time, so this is tried again.
	my $gave_up = 0;
	foreach my $try (1 .. 5)
	{
		$pid = stop_worker('postgres');
		ok($pid, 'a worker is stopped before somebody locks the table');
		$newer = $node->safe_psql('postgres', $BUILT);
		my $lock = pt_bg($node, 'psql', '-X', '-c', 'BEGIN; LOCK TABLE g IN ACCESS EXCLUSIVE MODE; COMMIT', 'postgres');
		ok(pt_wait_for($node, "SELECT count(*) > 0 FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'"), 'who waits for it');
		sleep(0.2);
		kill 'CONT', $pid;
		my ($locked) = pt_bg_stop($lock);
		is($locked, 0, 'and gets it');
		idle('locked');
		last if $gave_up = $node->safe_psql('postgres', $BUILT) eq $newer;
	}
	ok($gave_up, 'because the worker gives up');

	# Who waits for its lock on the index, or for its transaction.
	foreach my $what ('REINDEX INDEX g_adj', 'REINDEX INDEX CONCURRENTLY g_adj')
	{
		$pid = stop_worker('postgres');
		ok($pid, "a worker is stopped before $what");
		my $reindex = pt_bg($node, 'psql', '-Xq', '-c', $what, 'postgres');
		ok(pt_wait_for($node, 'SELECT count(*) > 0 FROM pg_locks WHERE NOT granted'), 'which waits for it');
		sleep(0.2);
		kill 'CONT', $pid;
		is(join('|', pt_bg_stop($reindex)), '0||', 'and goes on');
		idle('reindexed');
		is($node->safe_psql('postgres', "SELECT count(*) FROM pt_images() WHERE state = 'ready' AND index = 'g_adj'::regclass"), '0', 'no image of the former file is left');
		is($node->safe_psql('postgres', 'SELECT agree()'), 'built', 'and answers are right');
	}

	# pt_prewarm builds without the barrier, too. Rows that were dead before its
	# snapshot are removed while it builds, and their places used again.
	my $watch = $node->background_psql('postgres');
	my $prewarm;
	foreach (1 .. 50)
	{
		# so that there are no other places
		$node->safe_psql('postgres', 'VACUUM FULL g');
		my $before = $node->safe_psql('postgres', <<"SQL");
INSERT INTO g SELECT 1, 5000000 + i FROM generate_series(1, 3000) i;
REINDEX INDEX g_adj;
DROP TABLE IF EXISTS freed;
CREATE TABLE freed AS SELECT ctid AS place FROM g WHERE a = 1 AND b > 5000000 AND b % 2 = 0;
DELETE FROM g WHERE a = 1 AND b > 5000000 AND b % 2 = 0;
$NOW;
SQL
		$prewarm = pt_bg($node, 'psql', '-XqAt', '-c', "SELECT image_origin FROM pt_prewarm('g')", 'postgres');
		last if $pid = stop_build($watch, "state = 'active' AND query ~ 'pt_prewarm'", $before);
		pt_bg_stop($prewarm);
	}
	$watch->quit;
	ok($pid, 'pt_prewarm is stopped while it builds');
	beside($pid, 'VACUUM (INDEX_CLEANUP on) g');
	beside($pid, 'INSERT INTO g SELECT 1, 6000000 + i FROM generate_series(1, 2000) i');
	is($node->safe_psql('postgres', 'SELECT count(*) > 1000 FROM g JOIN freed ON place = g.ctid'), 't', 'VACUUM goes on, and places are used again');
	kill 'CONT', $pid;
	is(join('|', pt_bg_stop($prewarm)), "0|built\n|", 'it builds the image');
	is($node->safe_psql('postgres', 'SELECT agree()'), 'attached', 'which is right');
	pt_clean($node, 'after VACUUM during a build', 'g_adj');

	# Who has no time to build an image would never have one.
	$watch = $node->background_psql('postgres');
	my $walk;
	foreach (1 .. 50)
	{
		my $before = $node->safe_psql('postgres', "REINDEX INDEX g_adj; $NOW");
		$walk = pt_bg($node, 'psql', '-XqAt', '-c', "SELECT count(*) FROM pt_bfs('g', 1)", 'postgres');
		last if $pid = stop_build($watch, "state = 'active' AND query ~ 'count.*pt_bfs'", $before);
		pt_bg_stop($walk);
	}
	$watch->quit;
	ok($pid, 'a walk is stopped while it builds the image');
	beside($pid, "SELECT pg_cancel_backend($pid)");
	kill 'CONT', $pid;
	my ($rc, $out, $err) = pt_bg_stop($walk);
	like($err, qr/canceling statement/, 'and cancelled');
	ok(pt_wait_for($node, "SELECT ($STATES) = 'ready'"), 'and a worker builds it');
	is($node->safe_psql('postgres', 'SELECT agree()'), 'attached', 'for the next');
	idle('wanted');

	# An index that goes.
	$pid = stop_worker('postgres');
	ok($pid, 'a third worker is stopped');
	my $drop = pt_bg($node, 'psql', '-X', '-c', 'DROP INDEX g_adj', 'postgres');
	ok(pt_wait_for($node, "SELECT count(*) > 0 FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'"), 'DROP INDEX waits for it');
	sleep(0.2);
	kill 'CONT', $pid;
	($rc, $out, $err) = pt_bg_stop($drop);
	is("$rc|$err", '0|', 'and need not wait for long');
	idle('dropped');
	is($node->safe_psql('postgres', 'SELECT count(*) FROM pt_images()'), '0', 'of a dropped index no image is left');
	$node->safe_psql('postgres', 'CREATE INDEX g_adj ON g USING adjacency (a, b) INCLUDE (cost); SELECT agree()');

	# A database that is copied, renamed, dropped.
	$node->safe_psql('postgres', 'CREATE DATABASE work');
	pt_setup($node, 'work');
	$node->safe_psql('work', $MAKE);

	# A worker that only waits is in no other's way, nor does it go on beside him.
	$node->safe_psql('postgres', 'ALTER SYSTEM SET parseltongue.max_workers = 1');
	$node->reload;
	$node->safe_psql('postgres', 'SELECT grow(30000); SELECT agree()');
	ok(pt_wait_for($node, "SELECT ($STATES) = 'ready superseded'"), 'a worker waits');
	$node->safe_psql('work', "SELECT count(*) FROM pt_bfs('g', 1)");
	$pid = stop_worker('work');
	ok($pid, 'another database has a worker');
	$newer = $node->safe_psql('postgres', $BUILT);
	beside($pid, 'SELECT grow(30000); SELECT agree(); SELECT pg_sleep(0.5)');
	is($node->safe_psql('postgres', $BUILT), $newer, 'beside which the first does nothing');
	kill 'CONT', $pid;
	ok(pt_wait_for($node, "SELECT agree() <> '' AND ($BUILT) <> '$newer'"), 'but then it does');
	idle('both');

	# No more of them wait than may work, each of which keeps a process from others.
	$node->safe_psql('postgres', 'SELECT agree(); SELECT grow(30000); SELECT agree()');
	$pid = stop_at_rest();
	ok($pid, 'a worker waits again, and goes on to do so');
	my $work = $node->background_psql('work');
	my $before = $work->query_safe("SELECT agree(); $BUILT");
	$work->query_safe('SELECT grow(30000); SELECT agree()');
	my ($waits_too, $until) = (0, time() + 180);
	while (time() < $until)
	{
		my ($there, $waits) = split /\|/, $node->safe_psql('postgres', <<'SQL');
SELECT count(*), count(*) FILTER (WHERE wait_event_type = 'Extension') FROM pg_stat_activity
WHERE backend_type = 'parseltongue merge' AND datname = 'work'
SQL
		$waits_too += $waits;
		last if !$there && index($before, $work->query_safe($BUILT)) < 0;
	}
	cmp_ok(time(), '<', $until, 'another database has its image merged');
	is($waits_too, 0, 'a second one does not wait');
	is($work->query_safe($STATES), 'ready', 'what it has superseded goes with it');
	like($work->query_safe('SELECT agree()'), qr/attached|kept/, 'and answers are right');
	$work->quit;
	kill 'CONT', $pid;
	$node->safe_psql('postgres', 'ALTER SYSTEM RESET parseltongue.max_workers');
	$node->reload;
	idle('one waited');

	# As with a lock: what can be undone is tried again where a worker had looked for the last time.
	foreach my $case ([ 'work', 'CREATE DATABASE copy TEMPLATE work', 'DROP DATABASE copy' ],
		[ 'work', 'ALTER DATABASE work RENAME TO work2', 'ALTER DATABASE work2 RENAME TO work' ], [ 'work2', 'DROP DATABASE work2' ])
	{
		my ($db, $what, $undo) = @$case;
		my $images = "SELECT max(built_at) FROM pt_images() WHERE state = 'ready' AND database ~ '^work'";
		my $gave_up;
		foreach my $try (1 .. 5)
		{
			$node->safe_psql($db, "SELECT count(*) FROM pt_bfs('g', 1)");
			$pid = stop_worker($db);
			ok($pid, "a worker of database $db is stopped");
			my $before = $node->safe_psql('postgres', $images);
			my $command = pt_bg($node, 'psql', '-X', '-c', $what, 'postgres');
			ok(pt_wait_for($node, "SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'object' AND classid = 'pg_database'::regclass AND mode IN ('ShareLock', 'AccessExclusiveLock')"),
				'which somebody wants for himself');
			sleep(0.2);
			kill 'CONT', $pid;
			($rc, $out, $err) = pt_bg_stop($command);
			is("$rc|$err", '0|', "$what beside a worker");
			$gave_up = $node->safe_psql('postgres', $images) eq ($undo ? $before : '');
			last if $gave_up || !$undo;
			$node->safe_psql('postgres', $undo);
		}
		ok($gave_up, 'which has given up');
	}
	idle('databases');

	# Or dropped while its worker only waits.
	$node->safe_psql('postgres', 'CREATE DATABASE third TEMPLATE copy');
	$node->safe_psql('third', 'SELECT agree(); SELECT grow(30000); SELECT agree()');
	ok(pt_wait_for($node, "SELECT count(*) = 1 FROM pt_images() WHERE database = 'third' AND state = 'superseded'"), 'a base of a third database lingers');
	is(join('|', $node->psql('postgres', 'DROP DATABASE third')), '0||', 'DROP DATABASE beside a worker that waits');
	is($node->safe_psql('postgres', "SELECT count(*) FROM pt_images() WHERE database IS NULL OR database = 'third'"), '0', 'no image of it is left');
	idle('third');

	# What a worker cannot do: it does not see an index of a transaction under way,
	my $inside = $node->background_psql('copy');
	$inside->query_safe('BEGIN; DROP INDEX g_adj; CREATE INDEX g_adj ON g USING adjacency (a, b) INCLUDE (cost); SELECT agree(); SELECT grow(30000)');
	my %origins;
	my $stop = time() + 180;
	do { $origins{ $inside->query_safe('SELECT agree()') }++; sleep(0.1) } while (!$origins{merged} && time() < $stop);
	ok($origins{merged}, 'the session merges the image of an index that no worker sees');
	$inside->query_safe('COMMIT; SELECT agree()');

	# and cannot connect to a closed database. That is tried once.
	$node->safe_psql('postgres', 'ALTER DATABASE copy ALLOW_CONNECTIONS false');
	$inside->query_safe('SELECT grow(40000)');
	%origins = ();
	$stop = time() + 180;
	do { $origins{ $inside->query_safe('SELECT agree()') }++; sleep(0.1) } while (!$origins{merged} && time() < $stop);
	# and nobody is asked again
	$origins{ $inside->query_safe('SELECT agree()') }++, sleep(0.1) foreach 1 .. 5;
	$inside->quit;
	ok($origins{merged}, 'in a database that is closed to workers the session merges itself');
	my $refused = () = slurp_file($node->logfile) =~ /FATAL:  database "copy" is not currently accepting connections/g;
	is($refused, 1, 'after one worker has tried');
	pt_clean($node, 'before the restart', 'g_adj');
}

# ---- images come back ----

sub images
{
	return $node->safe_psql('postgres', "SELECT count(*) FROM pt_images() WHERE index = 'g_adj'::regclass AND state = 'ready'");
}

# The leader has come to its end, if there is to be one, and so have its workers.
my $ENDED = qr/background worker "parseltongue prewarm leader" \(PID \d+\) exited/;
sub restart
{
	my ($how, $nobody) = @_;
	my $before = () = slurp_file($node->logfile) =~ /$ENDED/g;
	$node->stop($how);
	$node->start;
	wait_for_log($ENDED, $before) unless $nobody;
	idle("restart, $how");
	return;
}

$_->quit foreach $reader, $other;
$node->safe_psql('postgres', 'CREATE TABLE unused AS SELECT 1 AS a, 2 AS b; CREATE INDEX unused_adj ON unused USING adjacency (a, b)');
$node->safe_psql('postgres', 'SELECT agree()');
restart('fast');
is($node->safe_psql('postgres', 'SELECT index_name FROM pt_images()'), 'public.g_adj', 'the image of an index that was walked comes back');
is($node->safe_psql('postgres', 'SELECT agree()'), 'attached', 'and is right');

# A worker that is killed takes the server down, as any process would, and with it
# all images. Nothing is left of them, and all begins anew.
SKIP:
{
	skip 'no signals', 1 if $PostgreSQL::Test::Utils::windows_os;

	$node->safe_psql('postgres', 'ALTER SYSTEM SET restart_after_crash = on');
	$node->reload;
	my $pid = stop_worker('postgres');
	ok($pid, 'a worker is stopped that will be killed');
	my @segments = split /\n/, beside($pid, <<'SQL');
SELECT agree();
SELECT DISTINCT m[1] FROM regexp_matches(pg_read_file('/proc/self/maps', 0, 10000000, true), '/dev/shm/PostgreSQL[.]\d+', 'g') m
SQL
	shift @segments;
	beside($pid, 'INSERT INTO g VALUES (1, 8000000)');
	# a psql that is refused has no ears for what it is given, and that ends the test
	my $ready = wait_for_log(qr/ready to accept connections/, -1);
	kill 'KILL', $pid;
	wait_for_log(qr/ready to accept connections/, $ready);
	ok($node->poll_query_until('postgres', 'SELECT NOT pg_is_in_recovery()'), 'the server is back');
	is(join(' ', grep { -e } @segments), '', 'the memory of its images is not');
	is($node->safe_psql('postgres', 'SELECT count(*) FROM pt_images()'), '0', 'nobody has an image');
	is($node->safe_psql('postgres', 'SELECT agree()'), 'built', 'the next walk builds it');
	my $built = $node->safe_psql('postgres', $BUILT);
	$node->safe_psql('postgres', 'SELECT grow(30000); SELECT agree()');
	ok(pt_wait_for($node, "SELECT ($BUILT) <> '$built'"), 'and the next worker merges');
	is($node->safe_psql('postgres', 'SELECT agree()'), 'attached', 'which is right');
	idle('killed');
	pt_clean($node, 'after a worker was killed', 'g_adj');
	$node->safe_psql('postgres', 'ALTER SYSTEM RESET restart_after_crash');
	my $log = slurp_file($node->logfile);
	my $crashes = () = $log =~ /terminated by signal/g;
	is($crashes, 1, 'nothing else has crashed');
	unlike($log, qr/PANIC|TRAP|XX000/, 'nor failed');
	$node->rotate_logfile;
	$node->restart;
	idle('restarted');
}

# A worker of the start that finds an image with much behind it merges it. It does
# not stay, so the former image must not, either.
SKIP:
{
	skip 'no signals', 1 if $PostgreSQL::Test::Utils::windows_os;

	$node->safe_psql('postgres', "BEGIN; LOCK TABLE g IN ACCESS EXCLUSIVE MODE; PREPARE TRANSACTION 'locked'");
	my $pid;
	foreach my $try (1 .. 10)
	{
		$node->restart;
		# it has found the table locked, and will try once more
		pt_wait_for($node, "SELECT count(*) = 1 FROM pg_stat_activity WHERE backend_type = 'parseltongue prewarm worker' AND datname = 'postgres' AND wait_event_type = 'Extension'", 30);
		$pid = $node->safe_psql('postgres', "SELECT pid FROM pg_stat_activity WHERE backend_type = 'parseltongue prewarm worker' AND datname = 'postgres'");
		last if $pid && kill('STOP', $pid);
	}
	ok($pid, 'a worker of the start is stopped');
	$node->safe_psql('postgres', "ROLLBACK PREPARED 'locked'");
	$node->safe_psql('postgres', 'SELECT agree(); SELECT grow(30000)');
	my $built = $node->safe_psql('postgres', $BUILT);
	kill 'CONT', $pid;
	idle('continued');
	isnt($node->safe_psql('postgres', $BUILT), $built, 'it merges what somebody has built meanwhile');
	is($node->safe_psql('postgres', $STATES), 'ready', 'and leaves nothing behind');
	is($node->safe_psql('postgres', 'SELECT agree()'), 'attached', 'which is right');
}

$node->append_conf('postgresql.conf', 'parseltongue.prewarm = all');
restart('immediate');
is($node->safe_psql('postgres', "SELECT string_agg(index_name, ' ' ORDER BY index_name) FROM pt_images() WHERE index_name ~ 'g_adj|unused'"),
	'public.g_adj public.unused_adj', 'all: so do all others, even after a crash');
$node->append_conf('postgresql.conf', 'parseltongue.prewarm = used');
restart('immediate');
is(images(), '0', 'used: after a crash nobody knows which were');
$node->safe_psql('postgres', 'SELECT agree()');
$node->append_conf('postgresql.conf', 'parseltongue.prewarm = off');
restart('fast', 'nobody');
is(images(), '0', 'off: none');

# ---- no workers ----

$node->append_conf('postgresql.conf', "max_worker_processes = 0\nparseltongue.prewarm = used\n");
$node->safe_psql('postgres', 'SELECT agree()');
restart('fast', 'nobody');
is(images(), '0', 'no worker processes: no image comes back');
sub merged_here
{
	my ($what) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my $out = $node->safe_psql('postgres', "SELECT image_place FROM pt_graph_status('g'); SELECT grow(30000); SELECT agree()");
	like($out, qr/^shared\n\nmerged$/, "$what: the session merges itself");
	return;
}
merged_here('no worker processes');
$node->append_conf('postgresql.conf', "max_worker_processes = 8\nparseltongue.max_workers = 0\n");
restart('fast');
merged_here('parseltongue.max_workers = 0');

# ---- on a standby ----

$node->append_conf('postgresql.conf', "parseltongue.max_workers = 2\n");
$node->reload;
$node->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'base', has_streaming => 1);
$standby->append_conf('postgresql.conf', "max_standby_streaming_delay = -1\n");
$standby->start;
sub catch_up
{
	$node->wait_for_catchup($standby, 'replay', $node->lsn('insert'));
	return;
}
my $watcher = $standby->background_psql('postgres');
like($watcher->query_safe('SELECT agree()'), qr/built|attached/, 'standby: right');
my $built = $standby->safe_psql('postgres', $BUILT);
$node->safe_psql('postgres', 'SELECT grow(30000); DELETE FROM g WHERE a = 7; VACUUM g');
catch_up();
my $until = time() + 180;
%seen = ();
do { $seen{ $watcher->query_safe('SELECT agree()') }++ } while ($standby->safe_psql('postgres', $BUILT) eq $built && time() < $until);
isnt($standby->safe_psql('postgres', $BUILT), $built, 'standby: a worker has merged the image');
ok(!$seen{merged}, 'standby: and no session has');
$seen{ $watcher->query_safe('SELECT agree()') }++;
$watcher->quit;
# What a worker must not take from settings for sessions; ours do not either.
$standby->append_conf('postgresql.conf', "default_transaction_isolation = serializable\nstatement_timeout = 1ms\n");
$ENV{PGOPTIONS} = '-c default_transaction_isolation=read\\ committed -c statement_timeout=0';
if ($node->pg_version >= 17)
{
	$ENV{PGOPTIONS} .= ' -c transaction_timeout=0';
	$node->safe_psql('postgres', "ALTER DATABASE postgres SET transaction_timeout = '1ms'");
	catch_up();
}
$standby->restart;
ok(pt_wait_for($standby, "SELECT count(*) = 1 FROM pt_images() WHERE state = 'ready'"), 'standby: the image comes back');
$standby->safe_psql('postgres', 'SELECT agree()');
$node->safe_psql('postgres', 'SELECT grow(30000)');
catch_up();
$standby->safe_psql('postgres', 'SELECT agree()');
$node->safe_psql('postgres', 'DROP TABLE g');
catch_up();
pass('standby: nothing holds up the replay of DROP TABLE');
$standby->stop;
$node->stop;

# ---- without preloading ----

SKIP:
{
	skip 'images are shared without preloading from 17 on', 2 if $node->pg_version < 17;
	delete $ENV{PGOPTIONS};
	my $plain = pt_node('plain', conf => "autovacuum = off\nmax_wal_size = 1GB\n");
	$plain->safe_psql('postgres', $MAKE);
	my $walker = $plain->background_psql('postgres');
	$walker->query_safe('SELECT agree()');
	my $first = $plain->safe_psql('postgres', $BUILT);
	$walker->query_safe('SELECT grow(30000)');
	my $end = time() + 180;
	%seen = ();
	do { $seen{ $walker->query_safe('SELECT agree()') }++ } while ($plain->safe_psql('postgres', $BUILT) eq $first && time() < $end);
	isnt($plain->safe_psql('postgres', $BUILT), $first, 'without preloading: a worker has merged the image');
	$seen{ $walker->query_safe('SELECT agree()') }++;
	ok(!$seen{merged}, 'without preloading: and no session has');
	$walker->quit;
	$plain->stop;
}

foreach my $server ($node, $standby)
{
	unlike(slurp_file($server->logfile), qr/PANIC|TRAP|terminated by signal|XX000/, $server->name . ': nothing in the log');
}
done_testing();
