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
ok(pt_wait_for($node, $inside), 'a search is under way, within the barrier');
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
pt_clean($node, 'after that', 'clique_adj');

# What VACUUM has done to pages that a walk comes to after it has left the barrier:
# an edge near the end of a chain is dead to VACUUM and visible to none, and from
# then on its page is all-visible. The walk is stopped within the barrier and after
# it, and begins again where it was too quick for that.
my $n = 400000;
$node->safe_psql('postgres', <<"SQL");
CREATE TABLE chain (a int NOT NULL, b int NOT NULL) WITH (autovacuum_enabled = off);
INSERT INTO chain SELECT i, i + 1 FROM generate_series(1, $n) i;
CREATE INDEX chain_adj ON chain USING adjacency (a, b);
SQL
my $watch = $node->background_psql('postgres');
my $vacuum = $node->background_psql('postgres');
my $met = 0;

# Does the walker come to be within the barrier, or out of it, before its end?
sub barrier_is
{
	my ($wanted, $try) = @_;
	until ($walker->{stdout} =~ /ended$try/)
	{
		return 1 if $watch->query_safe($inside) eq $wanted;
		$walker->{run}->pump_nb;
	}
	return 0;
}

sub walk_beside_vacuum
{
	my ($try, $walk) = @_;
	my $cut = $n - 1000 * $try;

	$node->safe_psql('postgres', "DELETE FROM chain WHERE a = $cut; SELECT count(*) FROM pt_bfs('chain', $n)");
	$walker->query_until(qr/begun$try/, "\\echo begun$try\nSELECT 'reached ' || count(*) FROM $walk;\n\\echo ended$try\n");
	if (barrier_is('t', $try) && kill('STOP', $pid) && pt_ask_beside($pid, $watch, $inside) eq 't')
	{
		$vacuum->query_until(qr/vacuuming$try/, "\\echo vacuuming$try\nVACUUM (INDEX_CLEANUP ON, TRUNCATE OFF) chain;\n\\echo vacuumed$try\n");
		# it may wait for a page that the walker was about to leave, and then longer
		pt_wait_for($node, "SELECT count(*) > 0 FROM pg_locks WHERE locktype = 'tuple' AND NOT granted", 20);
		sleep(1.2);
		kill 'CONT', $pid;
		barrier_is('f', $try);
		kill 'STOP', $pid;
		pt_ask_beside($pid, $vacuum, 'SELECT 1');
		$met = pt_ask_beside($pid, $watch, "SELECT state = 'active' FROM pg_stat_activity WHERE pid = $pid") eq 't';
	}
	kill 'CONT', $pid;
	$walker->{run}->pump until $walker->{stdout} =~ /ended$try/;
	like($walker->{stdout}, qr/^reached $cut$/m, 'a walk beside VACUUM finds what its snapshot sees');
	$walker->{stdout} = '';
	return;
}

# a match as well, which binds sets and goes through the waves of each of its states besides
my $tries = 0;
foreach my $walk ("pt_bfs('chain', 1)", "pt_match('1', '(. | . . | . . .)*', avoid => ARRAY(SELECT generate_series(-1000, -1)::text), graph => 'chain')")
{
	my $last = $tries + 20;
	$met = 0;
	walk_beside_vacuum(++$tries, $walk) while !$met && $tries < $last;
	ok($met, "VACUUM has passed $walk in its midst");
}
$_->quit foreach $watch, $vacuum, $walker;

# A walk counts as a scan of its index.
my $scans = "SELECT idx_scan FROM pg_stat_all_indexes WHERE indexrelname = 'clique_adj'";
my $before = $node->safe_psql('postgres', $scans);
$node->safe_psql('postgres', "SELECT count(*) FROM pt_bfs('clique', 1)");
ok(pt_wait_for($node, "SELECT ($scans) = $before + 1"), 'walks are counted in idx_scan');
unlike(pt_log($node), qr/PANIC|TRAP|terminated by signal|WARNING|ERROR/, 'nothing in the log');
$node->stop;
done_testing();
