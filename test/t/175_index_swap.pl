# Walks beside REINDEX CONCURRENTLY, and CREATE and DROP INDEX CONCURRENTLY, on
# a primary and on a standby: none fails, and none is wrong.  Those who swap the
# indexes are stopped for moments now and then, as on a busy machine: between a
# commit and its invalidations other sessions see the swap half done.
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use PtTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);

my $primary = pt_node('primary', init => { allows_streaming => 1 }, preload => 1,
	conf => "autovacuum = off\nmax_wal_size = 1GB\nmax_standby_streaming_delay = -1\n");
$primary->safe_psql('postgres', <<'SQL');
CREATE TABLE g (a int, b int, t text);
INSERT INTO g SELECT i, i % 20 + 1, 'x' FROM generate_series(1, 20) i;
CREATE INDEX g_a ON g (a);
CREATE INDEX g_adj ON g USING adjacency (a, b, t);
CREATE TABLE pair (a int, b int);
INSERT INTO pair SELECT i, i % 20 + 1 FROM generate_series(1, 20) i;
CREATE INDEX pair_one ON pair USING adjacency (a, b);
CREATE INDEX pair_two ON pair USING adjacency (a, b);
CREATE TABLE long (a text, b text);
ALTER TABLE long ALTER a SET STORAGE external, ALTER b SET STORAGE external;
INSERT INTO long SELECT i || repeat('x', 2500), i % 5 + 1 || repeat('x', 2500) FROM generate_series(1, 5) i;
CREATE INDEX long_adj ON long USING adjacency (a, b);
CREATE TABLE fresh (a int, b int);
INSERT INTO fresh SELECT i, i % 20 + 1 FROM generate_series(1, 20) i;
CREATE INDEX fresh_adj ON fresh USING adjacency (a, b);
SQL
$primary->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($primary, 'base', has_streaming => 1);
$standby->start;

sub catchup
{
	my $lsn = $primary->lsn('insert');

	# what an open transaction has logged is sent once somebody commits
	$primary->safe_psql('postgres', 'SELECT txid_current()');
	$primary->wait_for_catchup($standby, 'replay', $lsn);
	return;
}

# A walk does not ask for indexes it does not use: one that is locked, on a
# standby too, is no reason to wait.
my $holder = $primary->background_psql('postgres');
$holder->query_safe('BEGIN; ALTER INDEX g_a SET TABLESPACE pg_default');
catchup();
foreach my $node ($primary, $standby)
{
	my ($rc, $out, $err) = $node->psql('postgres', "SET lock_timeout = '60s'; SELECT count(*) FROM pt_bfs('g', 1)");
	is("$rc|$out|$err", '0|20|', $node->name . ': a walk passes a locked index of another kind');
}
$holder->query_safe('ROLLBACK');

# On a standby a walk waits for the index it has chosen.  Meanwhile the other one
# is swapped.
$holder->query_safe('BEGIN; ALTER INDEX pair_one SET TABLESPACE pg_default');
catchup();
my $walk = pt_bg($standby, 'psql', '-X', '-At', '-d', 'postgres', '-c', "SELECT count(*) FROM pt_bfs('pair', 1)");
ok(pt_wait_for($standby, "SELECT count(*) = 1 FROM pg_locks WHERE relation = 'pair_one'::regclass AND NOT granted"),
	'a walk on the standby waits for its index');
$primary->safe_psql('postgres', 'REINDEX INDEX CONCURRENTLY pair_two');
catchup();
$holder->query_safe('COMMIT');
my ($rc, $out, $err) = pt_bg_stop($walk);
is("$rc|$out|$err", "0|20\n|", 'and has its graph then');
$primary->safe_psql('postgres', 'INSERT INTO pair VALUES (20, 21)');
catchup();
($rc, $out, $err) = $standby->psql('postgres', "SELECT count(*) FROM pt_bfs('pair', 1)");
is("$rc|$out|$err", '0|21|', 'the next one has the new row');

# A transaction on a standby keeps its lock on an index.  It is told all the
# same that the index is fed no longer: what is written after that is seen.
my $reader = $standby->background_psql('postgres');
is($reader->query_safe("BEGIN; SELECT count(*) FROM pt_bfs('fresh', 1)"), '20', 'a walk in a transaction');
$holder->query_safe("BEGIN; LOCK TABLE fresh IN ACCESS SHARE MODE");
my $swap = pt_bg($primary, 'psql', '-X', '-d', 'postgres', '-c', 'REINDEX INDEX CONCURRENTLY fresh_adj');
ok(pt_wait_for($primary, "SELECT count(*) = 1 FROM pg_index WHERE indrelid = 'fresh'::regclass AND NOT indisvalid AND indisready AND indexrelid < 'fresh_adj'::regclass"),
	'REINDEX CONCURRENTLY waits with the old index out of use');
my $second = $primary->background_psql('postgres');
$second->query_safe('BEGIN; LOCK TABLE fresh IN ACCESS SHARE MODE');
$holder->query_safe('COMMIT');
ok(pt_wait_for($primary, "SELECT count(*) = 1 FROM pg_index WHERE indrelid = 'fresh'::regclass AND NOT indislive"),
	'and then with the old index dead');
$primary->safe_psql('postgres', 'INSERT INTO fresh VALUES (10, 21), (21, 22)');
catchup();
is($reader->query("SELECT count(*) FROM pt_bfs('fresh', 1)"), '22', 'the walk goes over to the new one');
is($reader->query("SELECT count(*) FROM pt_bfs('fresh_adj', 1)"), '22', 'as does one that names the index');
$reader->query_safe('COMMIT');
$second->query_safe('COMMIT');
($rc, $out, $err) = pt_bg_stop($swap);
is($rc, 0, 'the old index is dropped') or diag $err;

# An index is replaced by one with a weight.  A snapshot from before that sees rows
# which the new one never had: the walk asks for no weight, so the old index will do.
$primary->safe_psql('postgres', 'CREATE TABLE heavy (a int, b int, cost int) WITH (autovacuum_enabled = off); INSERT INTO heavy SELECT i, i + 1, i FROM generate_series(1, 10) i; CREATE INDEX heavy_plain ON heavy USING adjacency (a, b)');
catchup();
$reader->query_safe('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM heavy');
$primary->safe_psql('postgres', 'DELETE FROM heavy WHERE a > 5');
$primary->safe_psql('postgres', 'CREATE INDEX CONCURRENTLY heavy_adj ON heavy USING adjacency (a, b) INCLUDE (cost)');
$holder->query_safe('BEGIN; LOCK TABLE heavy IN ACCESS SHARE MODE');
my $drop = pt_bg($primary, 'psql', '-X', '-d', 'postgres', '-c', 'DROP INDEX CONCURRENTLY heavy_plain');
ok(pt_wait_for($primary, "SELECT NOT indisvalid FROM pg_index WHERE indexrelid = 'heavy_plain'::regclass"),
	'DROP INDEX CONCURRENTLY waits with the old index out of use');
catchup();
is($reader->query("SELECT count(*) FROM pt_bfs('heavy', 1)"), '11', 'an old snapshot is walked by the index that it sees');
is($standby->safe_psql('postgres', "SELECT count(*) FROM pt_bfs('heavy', 1)"), '6', 'a new one by the other');
$reader->query_safe('COMMIT');
$holder->query_safe('COMMIT');
($rc, $out, $err) = pt_bg_stop($drop);
is($rc, 0, 'the old index is dropped') or diag $err;

# The index that an old snapshot sees, locked by replay, which may wait for that
# snapshot itself: the walk does not wait for it for ever.
# (The primary keeps what that snapshot sees in the catalogs, or replay would wait
# before it comes to the lock.)
$standby->append_conf('postgresql.conf', "hot_standby_feedback = on\nwal_receiver_status_interval = 1s\n");
$standby->reload;
$reader->query_safe('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM pg_class');
ok(pt_wait_for($primary, 'SELECT count(*) = 1 FROM pg_stat_replication WHERE backend_xmin IS NOT NULL'), 'the primary knows of the snapshot');
$primary->safe_psql('postgres', "CREATE INDEX pair_three ON pair USING adjacency (a, b); UPDATE pg_index SET indisvalid = false WHERE indexrelid IN ('pair_one'::regclass, 'pair_two'::regclass)");
$holder->query_safe('BEGIN; ALTER INDEX pair_one SET TABLESPACE pg_default; ALTER INDEX pair_two SET TABLESPACE pg_default');
catchup();
is($standby->safe_psql('postgres', "SELECT count(*) FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid) WHERE backend_type = 'startup' AND relation IN ('pair_one'::regclass, 'pair_two'::regclass) AND granted"), '2',
	'replay has locked the indexes that an old snapshot sees');
is($reader->query("SET LOCAL statement_timeout = '60s'; SELECT count(*) FROM pt_bfs('pair', 1)"), '21', 'a walk of that snapshot goes on with another');
$holder->query_safe('ROLLBACK');
$reader->query_safe('COMMIT');
$standby->append_conf('postgresql.conf', "hot_standby_feedback = off\n");
$standby->reload;
$primary->safe_psql('postgres', "UPDATE pg_index SET indisvalid = true WHERE indexrelid IN ('pair_one'::regclass, 'pair_two'::regclass)");
$_->quit foreach ($reader, $second, $holder);

# All at once, a client that meets an error ends with it.
my $seconds = 10;
my %script = (
	table => "SELECT 1 / (count(*) = 20)::int FROM pt_bfs('g', 1);\n",
	rest => "SELECT 1 / (edges >= 20)::int FROM pt_graph_status('g');\nSELECT 1 / (count(*) = 0)::int FROM pt_callees('77', missing_ok => true, graph => 'g');\n",
	toasted => "SELECT 1 / (count(*) = 5)::int FROM pt_bfs('long', '1' || repeat('x', 2500)) WHERE length(node) = 2501;\n",
);
my %file = map { $_ => pt_script($primary, $_, $script{$_}) } keys %script;
sub swapper
{
	my ($name, $sql) = @_;
	return pt_bg($primary, 'pgbench', '-n', '-T', $seconds + 1, '-f', pt_script($primary, $name, $sql), 'postgres');
}
my @swappers = (
	swapper('reindex', "REINDEX TABLE CONCURRENTLY g;\n"),
	swapper('reindex_long', "REINDEX TABLE CONCURRENTLY long;\n"));
my @walkers;
foreach my $node ($primary, $standby)
{
	push @walkers, [ $node->name . " $_", pt_bg($node, 'pgbench', '-n', '-M', 'prepared', '-c', '2', '-T', $seconds, '-f', $file{$_}, 'postgres') ]
	  foreach sort keys %script;
}

my ($startup) = $standby->safe_psql('postgres', "SELECT pid FROM pg_stat_activity WHERE backend_type = 'startup'") =~ /(\d+)/;
my $end = time() + $seconds;
while (time() < $end)
{
	sleep(rand(0.03));
	my @pids = ($startup, split /\n/, $primary->safe_psql('postgres', "SELECT pid FROM pg_stat_activity WHERE query LIKE 'REINDEX%'"));
	# or one who walks, who then comes late to the lock on what it has chosen
	@pids = $standby->safe_psql('postgres', "SELECT pid FROM pg_stat_activity WHERE application_name = 'pgbench' ORDER BY random() LIMIT 1") =~ /(\d+)/ if rand() < 0.5;
	kill 'STOP', @pids;
	sleep(0.02);
	kill 'CONT', @pids;
}
foreach my $part (@walkers)
{
	($rc, $out, $err) = pt_bg_stop($part->[1]);
	$err =~ s/^pgbench \(.*\n|^pgbench: .*script.*\n//mg;
	is($rc, 0, "$part->[0]: no walk fails beside REINDEX CONCURRENTLY") or diag substr($err, 0, 1000);
	note "$part->[0]: $1 transactions" if $out =~ /actually processed: (\d+)/;
}
foreach my $swapper (@swappers)
{
	($rc, $out, $err) = pt_bg_stop($swapper);
	is($rc, 0, 'the indexes were swapped') or diag substr($err, 0, 1000);
	note "$1 swaps" if $out =~ /actually processed: (\d+)/;
}

pt_clean($primary, 'afterwards', 'g_adj', 'long_adj', 'pair_one', 'pair_two', 'fresh_adj', 'heavy_adj');
unlike(slurp_file($_->logfile), qr/PANIC|TRAP|XX000/, $_->name . ': nothing in the log') foreach ($primary, $standby);
$_->stop foreach ($standby, $primary);
done_testing();
