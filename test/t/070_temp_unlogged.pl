# Temporary tables: graphs of their own session only.  Unlogged tables: like
# others until a crash (010 has that).
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use PtTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = pt_node('temp', preload => 1);

my $one = $node->background_psql('postgres', on_error_stop => 0);
my $two = $node->background_psql('postgres', on_error_stop => 0);
foreach my $s ($one, $two)
{
	$s->query_safe('CREATE TEMP TABLE tg (a int, b int); CREATE INDEX tg_adj ON tg USING adjacency (a, b)');
}
$one->query_safe('INSERT INTO tg VALUES (1, 2), (2, 3)');
$two->query_safe('INSERT INTO tg VALUES (1, 9)');
is($one->query_safe("SELECT count(*) FROM pt_bfs('tg', 1)"), '3', 'own temporary graph');
is($two->query_safe("SELECT count(*) FROM pt_bfs('tg', 1)"), '2', 'another of the same name in another session');
is($one->query_safe("SELECT image_place FROM pt_graph_status('tg')"), 'local', 'a temporary graph is never shared');
is($one->query_safe("SELECT count(*) FROM pt_check_index('tg_adj')"), '0', 'index and table agree');

# Another session's temporary table is in its local buffers: refuse it.
my $foreign = $one->query_safe("SELECT 'tg'::regclass::oid");
foreach my $sql ("SELECT * FROM pt_bfs(($foreign)::regclass, 1);",
	"SELECT * FROM pt_blast_radius('1', graph => ($foreign)::regclass);",
	"SELECT * FROM pt_graph_status(($foreign)::regclass);",
	"SELECT * FROM pt_check_index((SELECT indexrelid FROM pg_index WHERE indrelid = $foreign)::regclass);")
{
	my ($state, undef, $err) = pt_psql_state($node, 'postgres', $sql);
	is($state, '0A000', "refused: $sql") or diag $err;
}

# Their life: ON COMMIT DELETE ROWS, TRUNCATE in the creating transaction, DDL.
$one->query_safe('CREATE TEMP TABLE td (a int, b int) ON COMMIT DELETE ROWS; CREATE INDEX td_adj ON td USING adjacency (a, b)');
is($one->query_safe("BEGIN; INSERT INTO td VALUES (1, 2), (2, 3); SELECT count(*) FROM pt_bfs('td', 1); COMMIT"), '3', 'ON COMMIT DELETE ROWS: in the transaction');
is($one->query_safe("SELECT count(*) FROM pt_bfs('td', 1, missing_ok => true) WHERE distance > 0"), '0', 'and after it');
is($one->query_safe("BEGIN; INSERT INTO td VALUES (1, 7); SELECT count(*) FROM pt_bfs('td', 1); COMMIT"), '2', 'and in the next');
is($one->query_safe("BEGIN; INSERT INTO td VALUES (1, 7), (7, 8); SELECT count(*) FROM pt_bfs('td', 1); TRUNCATE td; INSERT INTO td VALUES (1, 5); SELECT count(*) FROM pt_bfs('td', 1); COMMIT") =~ s/\n/ /r, '3 2', 'TRUNCATE between');
is($one->query_safe("DELETE FROM tg WHERE a = 2; VACUUM tg; INSERT INTO tg VALUES (2, 4), (4, 5); SELECT count(*) FROM pt_bfs('tg', 1)"), '4', 'VACUUM of a temporary table');
is($one->query_safe("BEGIN; DROP TABLE tg; CREATE TEMP TABLE tg (a bigint, b bigint); CREATE INDEX tg_adj ON tg USING adjacency (a, b); INSERT INTO tg VALUES (1, 6); SELECT count(*) FROM pt_bfs('tg', 1); ROLLBACK; SELECT count(*) FROM pt_bfs('tg', 1)") =~ s/\n/ /r, '2 4', 'DROP, CREATE and ROLLBACK');
is($one->query_safe("DO \$\$ BEGIN FOR i IN 1..300 LOOP CREATE TEMP TABLE many (a int, b int); CREATE INDEX ON many USING adjacency (a, b); INSERT INTO many VALUES (1, i); ASSERT (SELECT max(node) FROM pt_bfs('many', 1)) = i; DROP TABLE many; END LOOP; END \$\$; SELECT 'done'"), 'done', 'three hundred temporary graphs in one session');
$one->quit;
$two->quit;

# Unlogged, and what ALTER TABLE makes of it.
is($node->safe_psql('postgres', "CREATE UNLOGGED TABLE ul (a int, b int); CREATE INDEX ul_adj ON ul USING adjacency (a, b); INSERT INTO ul VALUES (1, 2), (2, 3); SELECT count(*) FROM pt_bfs('ul', 1)"), '3', 'unlogged');
is($node->safe_psql('postgres', "ALTER TABLE ul SET LOGGED; INSERT INTO ul VALUES (3, 4); SELECT count(*) FROM pt_bfs('ul', 1)"), '4', 'SET LOGGED');
$node->stop('immediate');
$node->start;
is($node->safe_psql('postgres', "SELECT count(*) FROM pt_bfs('ul', 1)"), '4', 'a logged table is there after a crash');
is($node->safe_psql('postgres', "ALTER TABLE ul SET UNLOGGED; INSERT INTO ul VALUES (4, 5); SELECT count(*) FROM pt_bfs('ul', 1)"), '5', 'SET UNLOGGED');
$node->stop('immediate');
$node->start;
is($node->safe_psql('postgres', "SELECT count(*) FROM pt_bfs('ul', 1, missing_ok => true) WHERE distance > 0"), '0', 'an unlogged one is empty');
is($node->safe_psql('postgres', "INSERT INTO ul VALUES (1, 2); SELECT count(*) FROM pt_bfs('ul', 1)"), '2', 'and usable');
pt_clean($node, 'unlogged', 'ul_adj');
$node->stop;
done_testing();
