# A call that takes long lets VACUUM pass: from then on it fetches every row, and
# its answer is that of its snapshot all the same.
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use PtTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);

my $node = pt_node('long', preload => 1, conf => "autovacuum = off\n");

# Simple paths of up to eight edges between two nodes of what was a clique. VACUUM
# will remove the dead edges in the midst of the search, and call their pages
# all-visible, but for one that the search has pinned.
$node->safe_psql('postgres', <<'SQL');
CREATE TABLE clique (a int NOT NULL, b int NOT NULL, room text NOT NULL DEFAULT repeat('x', 700)) WITH (autovacuum_enabled = off);
CREATE INDEX clique_adj ON clique USING adjacency (a, b);
INSERT INTO clique (a, b) SELECT i, j FROM generate_series(1, 12) i, generate_series(1, 12) j WHERE i <> j;
VACUUM clique;
DELETE FROM clique WHERE (a * 5 + b) % 6 = 0;
SQL
my $paths = "SELECT max(path), count(*) FROM pt_paths('1', '2', 2147483647, 8, graph => 'clique')";
my $expected = $node->safe_psql('postgres', <<'SQL');
WITH RECURSIVE p (node, nodes) AS (
	SELECT 1, ARRAY[1]
	UNION ALL
	SELECT b, nodes || b FROM p JOIN clique ON a = node WHERE node <> 2 AND b <> ALL (nodes) AND cardinality(nodes) <= 8)
SELECT count(*), sum(cardinality(nodes) - 1) FROM p WHERE node = 2;
SQL

my $walker = $node->background_psql('postgres', on_error_stop => 0);
my $pid = $walker->query_safe('SELECT pg_backend_pid()');
$walker->query_safe("SET parseltongue.local_image_memory = '2GB'; SET work_mem = '256MB'");
$walker->query_until(qr/begun/, "\\echo begun\n$paths;\n\\echo ended\n");
my $inside = "SELECT count(*) > 0 FROM pg_locks WHERE pid = $pid AND locktype = 'tuple' AND granted";
ok(pt_wait_for($node, $inside, 20), 'a search is under way, within the barrier');
my $begin = time();
$node->safe_psql('postgres', 'VACUUM (INDEX_CLEANUP ON, TRUNCATE OFF) clique');
my $vacuumed = time() - $begin;
my $active = $node->safe_psql('postgres', "SELECT state FROM pg_stat_activity WHERE pid = $pid");
SKIP:
{
	skip sprintf('the search was over before VACUUM (%.1f s)', $vacuumed), 2 if $active ne 'active';
	pass(sprintf('VACUUM passes it (%.1f s)', $vacuumed));
	is($node->safe_psql('postgres', $inside), 'f', 'which has left the barrier');
}
# the places of removed rows are used again, a moment later
sleep(0.5);
$node->safe_psql('postgres', 'INSERT INTO clique (a, b) SELECT i, j FROM generate_series(1, 12) i, generate_series(1, 12) j WHERE i <> j AND (i * 5 + j) % 6 = 0');
$walker->{run}->pump until $walker->{stdout} =~ /ended/;
like($walker->{stdout}, qr/^\Q$expected\E$/m, 'the search finds what its snapshot sees');
$walker->quit;
pt_clean($node, 'after that', 'clique_adj');

# A walk counts as a scan of its index.
my $scans = "SELECT idx_scan FROM pg_stat_all_indexes WHERE indexrelname = 'clique_adj'";
my $before = $node->safe_psql('postgres', $scans);
$node->safe_psql('postgres', "SELECT count(*) FROM pt_bfs('clique', 1)");
ok(pt_wait_for($node, "SELECT ($scans) = $before + 1", 20), 'walks are counted in idx_scan');
unlike(slurp_file($node->logfile), qr/PANIC|TRAP|terminated by signal|WARNING|ERROR/, 'nothing in the log');
$node->stop;
done_testing();
