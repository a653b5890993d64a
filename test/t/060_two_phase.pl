# Two-phase commit: edges of a prepared transaction are nobody's until COMMIT
# PREPARED, also across a crash, and never after ROLLBACK PREPARED.
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use PtTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = pt_node('prepared', preload => 1, conf => "max_prepared_transactions = 10\nautovacuum = off\n");
$node->safe_psql('postgres', <<'SQL');
CREATE TABLE g (a int, b int);
CREATE INDEX g_adj ON g USING adjacency (a, b);
INSERT INTO g VALUES (1, 2), (2, 3), (4, 5), (6, 7);
SQL
my $walk = "SELECT string_agg(node::text, ' ' ORDER BY distance, node) FROM pt_bfs('g', 1)";
sub walk_is
{
	my ($expect, $what) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	is($node->safe_psql('postgres', $walk), $expect, $what);
	return;
}

foreach my $how ('', 'immediate', 'fast')
{
	my $what = $how ? "$how restart" : 'running';
	$node->safe_psql('postgres', 'TRUNCATE g; INSERT INTO g VALUES (1, 2), (2, 3), (4, 5), (6, 7)');
	my $session = $node->background_psql('postgres');
	is($session->query_safe($walk), '1 2 3', "$what: at first");
	$node->safe_psql('postgres', <<'SQL');
BEGIN; INSERT INTO g VALUES (3, 4); SAVEPOINT s; INSERT INTO g VALUES (3, 6); ROLLBACK TO s; PREPARE TRANSACTION 'ins';
BEGIN; DELETE FROM g WHERE a = 4; INSERT INTO g VALUES (3, 9); PREPARE TRANSACTION 'both';
SQL
	is($session->query_safe($walk), '1 2 3', "$what: prepared edges are invisible");
	$session->quit;
	if ($how)
	{
		$node->stop($how);
		$node->start;
	}
	walk_is('1 2 3', "$what: prepared edges are still invisible");
	$node->safe_psql('postgres', 'VACUUM (INDEX_CLEANUP ON) g');
	walk_is('1 2 3', "$what: after VACUUM as well");
	$node->safe_psql('postgres', "COMMIT PREPARED 'ins'");
	walk_is('1 2 3 4 5', "$what: committed ones are seen");
	$node->safe_psql('postgres', "ROLLBACK PREPARED 'both'");
	walk_is('1 2 3 4 5', "$what: rolled-back ones are not");
	$node->safe_psql('postgres', 'VACUUM (INDEX_CLEANUP ON) g; INSERT INTO g VALUES (8, 9), (8, 10); VACUUM (FREEZE) g');
	walk_is('1 2 3 4 5', "$what: nor once their TIDs are reused");
	pt_clean($node, $what, 'g_adj');
	pt_walks_agree($node, $what, 'g', "'{1,8,9}'::text[]");
}

# A transaction that has walked can be prepared: it has no lock that forbids it.
my ($state, undef, $err) = pt_psql_state($node, 'postgres',
	"BEGIN; SELECT count(*) FROM pt_bfs('g', 1); INSERT INTO g VALUES (5, 11); SELECT count(*) FROM pt_bfs('g', 1); PREPARE TRANSACTION 'walked';");
is($state, '', 'a transaction that has walked can be prepared') or diag $err;
($state, undef, $err) = pt_psql_state($node, 'postgres',
	"BEGIN; SELECT pt_insert_edge('c:fn:a:x.c:1-2', 'c:fn:a:unknown:0-0'); SELECT pt_resolve_references(); PREPARE TRANSACTION 'resolved';");
is($state, '', 'so can one that has resolved references') or diag $err;
$node->safe_psql('postgres', "COMMIT PREPARED 'resolved'");
is($node->safe_psql('postgres', 'SELECT method FROM pt_edge WHERE confidence IS NOT NULL'), 'self', 'and its guesses are there');
ok(pt_wait_for($node, "SELECT count(*) = 0 FROM pg_locks WHERE locktype IN ('page', 'tuple')"), 'its barrier does not stay');
$node->safe_psql('postgres', 'VACUUM (INDEX_CLEANUP ON) g');
$node->safe_psql('postgres', "COMMIT PREPARED 'walked'");
walk_is('1 2 3 4 5 11', 'and committed');

# Prepared in SERIALIZABLE: a conflict with it is still caught.
$node->safe_psql('postgres', <<'SQL');
BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT count(*) FROM pt_bfs('g', 8); INSERT INTO g VALUES (11, 8); PREPARE TRANSACTION 'ser';
SQL
($state) = pt_psql_state($node, 'postgres',
	"BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT count(*) FROM pt_bfs('g', 1); INSERT INTO g VALUES (10, 1); COMMIT;");
is($state, '40001', 'a prepared walk takes part in serializable conflicts');
$node->safe_psql('postgres', "COMMIT PREPARED 'ser'");
walk_is('1 2 3 4 5 11 8 9 10', 'the prepared one won');
pt_clean($node, 'at last', 'g_adj');

# So can one that has written a codebase, by a role that may make no temporary tables.
$node->safe_psql('postgres', <<'SQL');
CREATE ROLE tableless;
REVOKE TEMPORARY ON DATABASE postgres FROM PUBLIC;
SELECT pt_create_codebase('code');
GRANT USAGE ON SCHEMA code TO tableless;
GRANT ALL ON ALL TABLES IN SCHEMA code TO tableless;
GRANT USAGE ON SEQUENCE pt_import_id TO tableless;
GRANT INSERT ON pt_import_rejection TO tableless;
BEGIN;
SET ROLE tableless;
SELECT pt_replace_file('a', '{"entities": [{"key": "a"}], "edges": [{"from_key": "a", "to_key": "b"}]}', 'code.pt_edge');
SELECT pt_import('[{"from_key": "b", "to_key": "c"}]', graph => 'code.pt_edge');
SELECT pt_insert_edge('c', 'd', graph => 'code.pt_edge');
PREPARE TRANSACTION 'code';
COMMIT PREPARED 'code';
SQL
is($node->safe_psql('postgres', "SELECT string_agg(key, ' ' ORDER BY distance) FROM pt_blast_radius('a', 5, 'out', graph => 'code.pt_edge')"), 'b c d',
	'what writes a codebase needs no temporary table, and can be prepared');
$node->stop;
done_testing();
