# Ordinary queries by an adjacency index: while others write, roll back, vacuum
# and rebuild, and on a standby, a bitmap scan finds what a sequential scan
# finds under the same snapshot.
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use PtTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);

my $primary = pt_node('primary', init => { allows_streaming => 1 }, preload => 1, conf => "autovacuum = off\nmax_wal_size = 1GB\n");
$primary->safe_psql('postgres', <<'SQL');
CREATE TABLE g (id serial, a int, b int, t text) WITH (autovacuum_enabled = off, fillfactor = 70);
INSERT INTO g (a, b) SELECT i % 50, (i * 7) % 50 FROM generate_series(1, 2000) i;
CREATE INDEX g_adjacency ON g USING adjacency (a, b);
-- how many rows a query finds in one way only, under one snapshot
CREATE FUNCTION differ(query text) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
	gather text := 'SELECT array_agg(r::text) FROM (%s) AS r';
	found text[];
	other text[];
BEGIN
	PERFORM set_config('enable_seqscan', 'off', true);
	PERFORM set_config('enable_bitmapscan', 'on', true);
	EXECUTE format(gather, query) INTO found;
	PERFORM set_config('enable_seqscan', 'on', true);
	PERFORM set_config('enable_bitmapscan', 'off', true);
	EXECUTE format(gather, query) INTO other;
	RETURN (SELECT count(*) FROM ((SELECT unnest(found) EXCEPT ALL SELECT unnest(other)) UNION ALL
		(SELECT unnest(other) EXCEPT ALL SELECT unnest(found))) AS d);
END $$;
SQL
$primary->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($primary, 'base', has_streaming => 1);
$standby->append_conf('postgresql.conf', "hot_standby_feedback = on\nwal_receiver_status_interval = 1\n");
$standby->start;

my $queries = q{SELECT sum(differ(format('SELECT * FROM g WHERE %s', f))) FROM generate_series(0, 49, 7) AS v,
	LATERAL unnest(ARRAY['a = ' || v, 'b = ' || v, format('a = ANY (''{%s,%s}'')', v, v + 1), format('a = %s AND b = %s', v, v)]) AS f};

sub same
{
	my ($node, $what) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	is($node->safe_psql('postgres', $queries), '0', $what);
	return;
}

# what writers do, each on a connection of its own
my %script = (
	insert => 'INSERT INTO g (a, b) SELECT (random() * 50)::int, (random() * 50)::int FROM generate_series(1, 20);',
	change => 'UPDATE g SET t = md5(random()::text) WHERE id % 97 = (random() * 96)::int; UPDATE g SET a = b WHERE id % 89 = (random() * 88)::int;',
	abort => 'BEGIN; INSERT INTO g (a, b) SELECT i, i FROM generate_series(0, 49) AS i; ROLLBACK;',
	delete => 'DELETE FROM g WHERE id % 31 = (random() * 30)::int;',
	halves => 'INSERT INTO g (a) VALUES ((random() * 50)::int); DELETE FROM g WHERE b IS NULL;');

foreach my $with_halves (0, 1)
{
	my @names = grep { $with_halves || $_ ne 'halves' } sort keys %script;
	my @running;

	$primary->safe_psql('postgres', "SELECT pt_prewarm('g')");
	foreach my $name (@names)
	{
		my $file = $primary->basedir . "/$name.sql";
		append_to_file($file, $script{$name}) unless -e $file;
		push @running, IPC::Run::start([ 'pgbench', '-n', '-T', '4', '-R', '50', '-h', $primary->host, '-p', $primary->port, '-f', $file, 'postgres' ],
			'>', \my $out, '2>', \my $err);
	}
	my $until = time + 4;
	my ($rounds, $differ, $there) = (0, 0, 0);
	while (time < $until)
	{
		$differ += $primary->safe_psql('postgres', $queries);
		$primary->safe_psql('postgres', 'VACUUM g');
		$there += $standby->safe_psql('postgres', $queries);
		# a snapshot of the standby's that is older than a new index misses what was deleted before, in any index
		if ($rounds % 3 == 1)
		{
			$primary->safe_psql('postgres', 'REINDEX INDEX CONCURRENTLY g_adjacency');
			$primary->wait_for_catchup($standby, 'replay', $primary->lsn('insert'));
		}
		$primary->safe_psql('postgres', "SELECT pt_prewarm('g')");
		$rounds++;
	}
	$_->finish foreach @running;
	my $halves = $with_halves ? ', some with one end' : '';
	is($differ, 0, "while others write$halves: the same rows");
	is($there, 0, "on a standby meanwhile$halves: the same rows");
	note("$rounds rounds");
	$primary->wait_for_catchup($standby, 'replay', $primary->lsn('insert'));
	same($primary, "when they are done$halves");
	same($standby, "on the standby$halves");
	is($primary->safe_psql('postgres', "SELECT count(*) FROM pt_check_index('g_adjacency')"), '0', "the index is whole$halves");
}
# the standby walks, and scans by its image
$standby->safe_psql('postgres', "SELECT pt_prewarm('g')");
same($standby, 'on a standby with an image');
$primary->safe_psql('postgres', 'DELETE FROM g WHERE b IS NULL; DELETE FROM g WHERE id % 2 = 0; VACUUM g; VACUUM g');
$primary->wait_for_catchup($standby, 'replay', $primary->lsn('insert'));
same($standby, 'on a standby after deletions');
$standby->safe_psql('postgres', "SELECT pt_prewarm('g')");
same($standby, 'on a standby with an image without halves');

# ---- rows with one end, in images that are shared ----

# What scans for one end, and for both, are expected to cost and read, by a session of its own.
sub reads
{
	my ($what) = @_;
	my $plan = $primary->safe_psql('postgres', "SET enable_seqscan = off; EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) SELECT * FROM tree WHERE $what");
	my ($cost) = $plan =~ /Bitmap Index Scan on tree_adjacency\s+\(cost=[\d.]+\.\.([\d.]+)/;
	my ($read) = $plan =~ /Bitmap Index Scan.*?Buffers: shared ([^\n]*)/s;
	my $pages = 0;
	$pages += $_ foreach ($read // '') =~ /(?:hit|read)=(\d+)/g;
	return defined $cost && $cost < 100 && $pages < 20 ? 'few' : 'all';
}

my $wait_for_image = "SELECT count(*) = 1 FROM pt_images() WHERE state = 'ready' AND index = 'tree_adjacency'::regclass";

$primary->safe_psql('postgres', 'DROP TABLE g');
$primary->append_conf('postgresql.conf', "parseltongue.shared_image_memory = '2MB'\n");
$primary->restart;
$primary->safe_psql('postgres', <<'SQL');
CREATE TABLE tree AS SELECT CASE WHEN i > 100000 THEN 1000000 + i END AS parent, i AS id FROM generate_series(1, 101000) AS i;
INSERT INTO tree SELECT i, 1000000 + i FROM generate_series(1, 100) AS i;
CREATE INDEX tree_adjacency ON tree USING adjacency (parent, id);
ANALYZE tree;
SQL
is(reads('id = 7'), 'all', 'a scan without an image reads the log');
ok(pt_wait_for($primary, $wait_for_image), 'and a worker is asked for an image');
is(reads('id = 7'), 'few', 'a scan for one end goes by that');
# merged, it would take more with the rows that have one end than there is, but not without
is($primary->safe_psql('postgres', "INSERT INTO tree SELECT i, NULL FROM generate_series(1, 30000) AS i; SELECT image_place, image_origin FROM pt_prewarm('tree')"),
	'shared|merged', 'an image is merged without them if there is no room with them');
is(reads('id = 7'), 'all', 'a scan for one end reads the log then');
is(reads('id = 100100 AND parent = 1100100'), 'few', 'but not one for both');
is($primary->safe_psql('postgres', 'SELECT count(*) FROM tree WHERE id = 7'), '1', 'and is right');
$primary->safe_psql('postgres', 'REINDEX TABLE tree');
is($primary->safe_psql('postgres', "SELECT image_place, image_origin FROM pt_prewarm('tree')"), 'shared|built', 'it is built without them as well');
is(reads('id = 7'), 'all', 'a scan for one end reads the log');

# ---- a worker that finds no room gives up ----

# a base of 40,000 edges has to have twice as many nodes, which is not known before
$primary->safe_psql('postgres', 'CREATE TABLE pairs AS SELECT i AS a, -i AS b FROM generate_series(1, 40000) AS i; CREATE INDEX pairs_adjacency ON pairs USING adjacency (a, b)');
$primary->safe_psql('postgres', 'SELECT count(*) FROM pt_bfs(\'pairs\', 5)');
$primary->restart;
ok(pt_wait_for($primary, "SELECT count(*) = 0 FROM pg_stat_activity WHERE backend_type ~ '^parseltongue'"), 'workers end');
unlike(slurp_file($primary->logfile), qr/terminated by signal/, 'and none crashes');

# ---- an index that has changed since a snapshot whose rows may be removed (until 16) ----

SKIP:
{
	my ($major) = $primary->safe_psql('postgres', 'SHOW server_version_num') =~ /^(\d+)\d{4}$/;
	skip 'no old_snapshot_threshold', 2 if $major >= 17;
	my $node = pt_node('old', conf => "old_snapshot_threshold = 0\nautovacuum = off\n");
	# no page of the table has it, so none but the index's can tell
	my $nowhere = 'SELECT count(*) FROM aging WHERE a = 77';

	$node->safe_psql('postgres', 'CREATE TABLE aging AS SELECT i % 10 AS a, i AS b FROM generate_series(1, 1000) AS i; CREATE INDEX aging_adjacency ON aging USING adjacency (a, b)');
	my $reader = $node->background_psql('postgres', on_error_stop => 0);
	$reader->query_safe('SET enable_seqscan = off');
	$reader->query_safe('BEGIN ISOLATION LEVEL REPEATABLE READ');
	is($reader->query_safe($nowhere), '0', 'a scan under a snapshot');
	$node->safe_psql('postgres', 'INSERT INTO aging VALUES (5, 5)');
	# the threshold is five seconds behind
	$reader->query_safe('SELECT pg_sleep(6)');
	$node->safe_psql('postgres', 'VACUUM aging');
	$reader->query($nowhere);
	like($reader->{stderr}, qr/snapshot too old/, 'fails when it is too old');
	$reader->quit;
	$node->stop;
}

done_testing();
