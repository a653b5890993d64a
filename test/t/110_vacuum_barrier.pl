# VACUUM against walks: TIDs that are freed and taken by other edges as fast as
# can be, compaction of the log under readers, and the barrier itself, seen from
# outside: VACUUM waits for a walk that is under way, other walks do not wait
# for VACUUM.
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use PtTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);

my $node = pt_node('barrier', preload => 1, conf => <<'CONF');
autovacuum_naptime = 1s
autovacuum_vacuum_threshold = 10
autovacuum_vacuum_scale_factor = 0
autovacuum_vacuum_insert_threshold = 10
autovacuum_vacuum_insert_scale_factor = 0
autovacuum_vacuum_cost_delay = 0
max_wal_size = 1GB
CONF

# ---- TID reuse ----
# A trunk 1 -> 2 -> ... -> 40 that stays, and two kinds of twigs that take each
# other's TIDs: good ones, trunk node -> itself + 1000, and bad ones between
# nodes that the trunk never reaches (5000 and up).  A walk from 1 that reaches
# 5000 or more has taken a dead entry for a live row; one whose edge is not in
# the table fails in assert_graph.
$node->safe_psql('postgres', <<'SQL');
CREATE TABLE g (a int NOT NULL, b int NOT NULL) WITH (autovacuum_vacuum_cost_delay = 0);
CREATE INDEX g_adj ON g USING adjacency (a, b);
INSERT INTO g SELECT i, i + 1 FROM generate_series(1, 39) i;
INSERT INTO g SELECT i, i + 1 FROM generate_series(5000, 5400) i;
CREATE TABLE bridge (a int NOT NULL, b int NOT NULL);
CREATE INDEX bridge_adj ON bridge USING adjacency (a, b);
INSERT INTO bridge SELECT i, i + 1 FROM generate_series(1, 300) i;
SQL
my %script = (
	# An edge into the bad land, gone before anyone may see it, and its TID taken
	# by a harmless edge, on a page that VACUUM then calls all-visible.
	aborted => [ 4, "\\set a random(1, 40)\n\\set b random(5000, 5400)\nBEGIN;\nINSERT INTO g SELECT :a, :b FROM generate_series(1, 20);\nROLLBACK;\n" ],
	good => [ 4, "\\set a random(1, 40)\nINSERT INTO g SELECT :a, :a + 1000 FROM generate_series(1, 20);\n" ],
	delete => [ 3, "\\set a random(1, 40)\nDELETE FROM g WHERE b = :a + 1000;\n" ],
	# An edge that joins the two for a moment; committed, and deleted.
	join => [ 3, "\\set a random(1, 40)\n\\set b random(5000, 5400)\nINSERT INTO g VALUES (:a, :b);\nDELETE FROM g WHERE a = :a AND b = :b;\n" ],
	walk => [ 8, "\\set a random(1, 40)\nSELECT assert_graph('g', :a::text, 'out');\nSELECT assert_graph('g', '5200', 'both');\n" ],
	# One walk, three pages: what breaks and what mends the bridge commits at
	# once, so that every snapshot sees it whole.
	bridge => [ 4, "\\set a random(1, 300)\nBEGIN;\nDELETE FROM bridge WHERE a = :a;\nINSERT INTO bridge VALUES (:a, :a + 1);\nCOMMIT;\n" ],
	cross => [ 6, "SELECT 1 / (count(*) = 301)::int FROM pt_bfs('bridge', 1);\nSELECT 1 / (sum(entities) = 300)::int FROM pt_blast_radius_summary('301', NULL, graph => 'bridge');\n" ],
);
my @files = map { ('-f', pt_script($node, $_, $script{$_}[1]) . '@' . $script{$_}[0]) } sort keys %script;
my $bench = pt_bg($node, 'pgbench', '-n', '-c', '6', '-j', '2', '-T', '10', @files, 'postgres');
my $loop = pt_bg($node, 'pgbench', '-n', '-c', '2', '-T', '10',
	'-f', pt_script($node, 'vacuum', "VACUUM (INDEX_CLEANUP ON, TRUNCATE OFF) g;\n") . '@1',
	'-f', pt_script($node, 'vacuum2', "VACUUM (FREEZE, INDEX_CLEANUP ON) bridge;\nVACUUM (INDEX_CLEANUP OFF) g;\n") . '@1', 'postgres');
foreach my $part ([ $bench, 'writers and walkers' ], [ $loop, 'VACUUM' ])
{
	my ($rc, $out, $err) = pt_bg_stop($part->[0]);
	is($rc, 0, "reuse: $part->[1]") or diag substr($err, 0, 2000);
	note "$part->[1]: $1 transactions" if $out =~ /actually processed: (\d+)/;
}
$node->safe_psql('postgres', 'VACUUM g');
pt_clean($node, 'reuse', 'g_adj', 'bridge_adj');
pt_walks_agree($node, 'reuse', 'g', "'{1,20,5000,5100}'::text[]");
# What VACUUM removes from now on must not be kept by the snapshot of an ANALYZE.
$node->safe_psql('postgres', $_) foreach 'ALTER SYSTEM SET autovacuum = off', 'SELECT pg_reload_conf()';
ok(pt_wait_for($node, "SELECT count(*) = 0 FROM pg_stat_activity WHERE backend_type ~ '^autovacuum'"), 'autovacuum has ended');
note 'status: ' . $node->safe_psql('postgres', "SELECT edges, dead_entries, log_entries, epoch FROM pt_graph_status('g')");

# ---- compaction under readers ----
# Most edges go, again and again; the log is rewritten and its blocks are used
# for the next rows, while old images, snapshots and cursors are about.
$node->safe_psql('postgres', <<'SQL');
CREATE TABLE c (a int NOT NULL, b int NOT NULL, keep bool, cost int GENERATED ALWAYS AS (a * 3 - b) STORED) WITH (autovacuum_enabled = off);
CREATE INDEX c_adj ON c USING adjacency (a, b) INCLUDE (cost);
INSERT INTO c SELECT i, i + 1, true FROM generate_series(1, 500) i;
SQL
my $epoch = $node->safe_psql('postgres', "SELECT epoch FROM pt_graph_status('c')");
my $size;
$bench = pt_bg($node, 'pgbench', '-n', '-c', '4', '-j', '2', '-T', '9',
	'-f', pt_script($node, 'read', "\\set a random(1, 500)\nSELECT 1 / (count(*) = 502 - :a)::int FROM pt_bfs('c', :a) WHERE node <= 501;\nSELECT assert_graph('c', '400', 'out', 3);\n") . '@3',
	'-f', pt_script($node, 'weigh', "SELECT 1 / (count(*) >= 500 AND bool_and(weight = from_key::int * 3 - to_key::int))::int FROM _parseltongue.pt_weighted_edges('c');\n") . '@1',
	'-f', pt_script($node, 'reread', "BEGIN ISOLATION LEVEL REPEATABLE READ;\nSELECT count(*) AS n FROM pt_bfs('c', 1) \\gset\nDECLARE cur CURSOR FOR SELECT count(*) FROM pt_bfs('c', 1);\n\\sleep 60 ms\nSELECT 1 / (count(*) = :n)::int FROM pt_bfs('c', 1);\nFETCH cur \\gset f_\nSELECT 1 / (:f_count = :n)::int;\nCOMMIT;\n") . '@1',
	'-f', pt_script($node, 'insert', "INSERT INTO c SELECT i % 500 + 1, 1000 + i, false FROM generate_series(1, 3000) i;\n") . '@1',
	'postgres');
$loop = pt_bg($node, 'pgbench', '-n', '-c', '1', '-T', '9',
	'-f', pt_script($node, 'purge', "DELETE FROM c WHERE NOT keep;\nVACUUM (INDEX_CLEANUP ON) c;\n"), 'postgres');
foreach my $part ([ $bench, 'readers' ], [ $loop, 'purge' ])
{
	my ($rc, $out, $err) = pt_bg_stop($part->[0]);
	is($rc, 0, "compaction: $part->[1]") or diag substr($err, 0, 2000);
	note "$part->[1]: $1 transactions" if $out =~ /actually processed: (\d+)/;
}
# Once nobody holds an old snapshot it must happen, if it has not.
$node->safe_psql('postgres', 'DELETE FROM c WHERE NOT keep; VACUUM (INDEX_CLEANUP ON) c');
$node->safe_psql('postgres', 'VACUUM (INDEX_CLEANUP ON) c');
my $later = $node->safe_psql('postgres', "SELECT epoch FROM pt_graph_status('c')");
cmp_ok($later, '>', $epoch, "compaction took place ($epoch, then $later)");
pt_clean($node, 'compaction', 'c_adj');

# after a mass deletion the file is larger than before, and VACUUM says what is free in it
$node->safe_psql('postgres', 'CREATE TABLE mass AS SELECT i AS a, i + 1 AS b FROM generate_series(1, 20000) i; CREATE INDEX mass_adj ON mass USING adjacency (a, b); DELETE FROM mass WHERE a > 2000');
my ($vacuumed, $nothing, $said) = $node->psql('postgres', 'VACUUM (VERBOSE) mass');
my ($pages, $free) = $said =~ /index "mass_adj": pages: (\d+) in total, \d+ newly deleted, (\d+) currently deleted, \2 reusable/ ? ($1, $2) : (0, 0);
cmp_ok($free, '>', $pages / 2, "VACUUM tells free pages: $free of $pages") or diag $said;
$node->safe_psql('postgres', 'REINDEX INDEX mass_adj; VACUUM mass');
cmp_ok($node->safe_psql('postgres', "SELECT pg_relation_size('mass_adj') / 8192"), '<=', $pages - $free, 'REINDEX gives them back');
pt_walks_agree($node, 'compaction', 'c', "'{1,400}'::text[]");
pt_weights_agree($node, 'compaction', 'c');
($size) = $node->safe_psql('postgres', "SELECT pg_relation_size('c_adj')");
foreach my $round (1 .. 4)
{
	$node->safe_psql('postgres', $_) foreach
	  ('INSERT INTO c SELECT i % 500 + 1, 1000 + i, false FROM generate_series(1, 20000) i', 'DELETE FROM c WHERE NOT keep', 'VACUUM (INDEX_CLEANUP ON) c');
	$size = $node->safe_psql('postgres', "SELECT pg_relation_size('c_adj')") if $round == 2;
}
cmp_ok($node->safe_psql('postgres', "SELECT pg_relation_size('c_adj')"), '<=', 1.5 * $size, 'old blocks are used again: the index does not grow for ever');

# ---- the barrier, from outside ----
# Stop a backend in the midst of a walk (by SIGSTOP, so that it holds whatever a
# walk holds), delete and VACUUM: VACUUM must wait, a new walk must not.
SKIP:
{
	skip 'needs SIGSTOP', 9 if $PostgreSQL::Test::Utils::windows_os;
	my $n = 150_000;
	# All-visible, so that no page of the table is locked by who walks.
	$node->safe_psql('postgres', <<SQL);
CREATE TABLE long (a int NOT NULL, b int NOT NULL) WITH (autovacuum_enabled = off);
INSERT INTO long SELECT i, i + 1 FROM generate_series(1, $n) i;
INSERT INTO long SELECT -i, -i - 1 FROM generate_series(1, 1000) i;
CREATE INDEX long_adj ON long USING adjacency (a, b);
VACUUM long;
SELECT count(*) FROM pt_bfs('long', 1);
SQL
	my $walker = $node->background_psql('postgres', on_error_stop => 0);
	my $pid = $walker->query_safe('SELECT pg_backend_pid()');
	my $locks = "SELECT count(*) > 0 FROM pg_locks WHERE pid = $pid AND locktype IN ('page', 'tuple') AND granted";
	my ($held, $walks) = (0, 40);
	my $watch = $node->background_psql('postgres');
	# Walks one after the other in a statement, which is stopped again and again until
	# that is within one of them.
	foreach my $try (1 .. 1000)
	{
		if ($try == 1 || $walker->{stdout} =~ /walked/)
		{
			$walker->{stdout} = '';
			$walker->{stdin} .= "SELECT sum((SELECT count(*) FROM pt_bfs('long', i))) FROM generate_series(1, $walks) AS i;\n\\echo walked\n";
		}
		$walker->{run}->pump_nb;
		sleep(0.001 * ($try % 20));
		kill 'STOP', $pid;
		$held = pt_ask_beside($pid, $watch, $locks) eq 't';
		last if $held;
		kill 'CONT', $pid;
	}
	ok($held, 'a walk stopped half-way holds the barrier');
	skip 'no walk could be stopped half-way', 8 unless $held;

	pt_ask_beside($pid, $watch, 'DELETE FROM long WHERE a = -500');
	my $vacuum = $node->background_psql('postgres', on_error_stop => 0);
	my $vpid = $vacuum->query_safe('SELECT pg_backend_pid()');
	# The stopped walk's snapshot would keep the row; what its snapshot does not
	# see is a row that was never visible, so VACUUM has that to remove.
	pt_ask_beside($pid, $watch, 'BEGIN; INSERT INTO long VALUES (-2000, -2001); ROLLBACK');
	$vacuum->{stdin} .= "VACUUM (INDEX_CLEANUP ON) long;\n\\echo vacuumed\n";
	$vacuum->{run}->pump_nb;
	ok(pt_wait_for($node, "SELECT count(*) = 1 FROM pg_locks WHERE pid = $vpid AND NOT granted"),
		'VACUUM waits for the walk that is under way');
	my $start = time();
	is(pt_ask_beside($pid, $watch, "SET statement_timeout = '60s'; SELECT count(*) FROM pt_bfs('long', -900)"), '102', 'a walk that begins meanwhile does not');
	note sprintf 'it took %.1f ms', 1000 * (time() - $start);
	is(pt_ask_beside($pid, $watch, "INSERT INTO long VALUES (-1001, -1002); SELECT count(*) FROM pt_bfs('long', -900)"), '103', 'nor does a writer');
	is(pt_ask_beside($pid, $watch, "SELECT state FROM pg_stat_activity WHERE pid = $vpid"), 'active', 'VACUUM is still waiting');

	# A cancelled wait leaves the entries marked: the next VACUUM has nothing to
	# kill itself, but frees the line pointers, so it must wait all the same.
	pt_ask_beside($pid, $watch, "SELECT pg_cancel_backend($vpid)");
	$vacuum->{run}->pump until $vacuum->{stderr} =~ /canceling statement/ && $vacuum->{stdout} =~ /vacuumed/;
	$vacuum->{stdout} = $vacuum->{stderr} = '';
	$vacuum->{stdin} .= "VACUUM (INDEX_CLEANUP ON) long;\n\\echo vacuumed\n";
	$vacuum->{run}->pump_nb;
	ok(pt_wait_for($node, "SELECT count(*) = 1 FROM pg_locks WHERE pid = $vpid AND NOT granted"),
		'after a cancelled wait the next VACUUM waits for the old walk as well');
	is(pt_ask_beside($pid, $watch, "SELECT count(*) FROM pt_bfs('long', -900)"), '103', 'and walks go on');

	kill 'CONT', $pid;
	$walker->{run}->pump until $walker->{stdout} =~ /walked/;
	my $right = $walks * ($n + 2) - $walks * ($walks + 1) / 2;
	like($walker->{stdout}, qr/^$right$/m, 'the stopped walk ends with the right answer');
	$walker->{stdout} = '';
	$vacuum->{run}->pump until $vacuum->{stdout} =~ /vacuumed/;
	is($vacuum->{stderr}, '', 'and VACUUM goes through');
	$_->quit foreach ($walker, $vacuum, $watch);
	pt_clean($node, 'barrier', 'long_adj');
}
ok(pt_wait_for($node, "SELECT count(*) = 0 FROM pg_locks WHERE locktype IN ('page', 'tuple')"), 'no barrier is left behind');
unlike(slurp_file($node->logfile), qr/PANIC|TRAP|XX000|terminated by signal|deadlock/, 'nothing in the log');
$node->stop;
done_testing();
