# Images in a server that has other work: few segments of shared memory however
# many graphs, and memory that nobody needs is given back although idle sessions
# have it mapped.
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use PtTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = pt_node('neighbour', preload => 1, conf => <<'CONF');
max_connections = 20
autovacuum = off
# files, which can be told from those of other servers
dynamic_shared_memory_type = mmap
CONF

# A graph of 200,000 edges, about 8 MB.
sub fill
{
	my ($name) = @_;
	return "CREATE TABLE $name AS SELECT i AS a, (i * 7919::bigint % 100000)::int AS b FROM generate_series(1, 200000) i; CREATE INDEX ${name}_adj ON $name USING adjacency (a, b)";
}

sub walk
{
	my ($name) = @_;
	return "SELECT count(*) FROM pt_bfs('$name', 1)";
}

# Memory behind the segments.
sub memory
{
	my $blocks = 0;
	$blocks += (stat $_)[12] // 0 foreach glob($node->data_dir . '/pg_dynshmem/*');
	return $blocks * 512;
}

my $probe = $node->data_dir . '/pg_dynshmem/mmap.probe';
system("head -c 65536 /dev/zero > $probe");
my $can_punch = system("fallocate --punch-hole --length 65536 $probe 2>/dev/null") == 0;
unlink $probe;

sub given_back
{
	my ($what, $before) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
  SKIP:
	{
		skip 'no holes in files here', 1 unless $can_punch;
		cmp_ok(memory() - $before, '<', 4 * 1024 * 1024, $what);
	}
	return;
}

# ---- many graphs ----

$node->safe_psql('postgres', <<'SQL');
CREATE TABLE big AS SELECT i AS x, i::text AS t FROM generate_series(1, 100000) i;
ANALYZE big;
CREATE PROCEDURE make_graphs(n int) LANGUAGE plpgsql AS $$
BEGIN
	FOR i IN 1 .. n LOOP
		EXECUTE format('CREATE TABLE g%s (a int, b int)', i);
		EXECUTE format('INSERT INTO g%s SELECT j, j + %s FROM generate_series(1, 10 * (%s %% 20)) j', i, i, i);
		EXECUTE format('CREATE INDEX ON g%s USING adjacency (a, b)', i);
		COMMIT;
	END LOOP;
END $$;
CREATE PROCEDURE walk_graphs(n int) LANGUAGE plpgsql AS $$
DECLARE
	found bigint;
	expected bigint;
BEGIN
	FOR i IN 1 .. n LOOP
		EXECUTE format('SELECT count(*) FROM pt_bfs(''g%s'', 1, missing_ok => true)', i) INTO found;
		EXECUTE format('WITH RECURSIVE r (n) AS (SELECT 1 UNION SELECT b FROM r JOIN g%s ON a = n) SELECT count(*) FROM r', i) INTO expected;
		ASSERT found = expected, format('g%s: %s, not %s', i, found, expected);
		COMMIT;
	END LOOP;
END $$;
CALL make_graphs(600);
SQL
my $parallel = <<'SQL';
SET max_parallel_workers_per_gather = 2; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0; SET enable_mergejoin = off; SET enable_nestloop = off;
SELECT count(*) FROM big a JOIN big b USING (x);
SQL
my $walker = $node->background_psql('postgres');
$walker->query_safe('CALL walk_graphs(600)');
is($node->safe_psql('postgres', 'SELECT count(*), count(DISTINCT segment) < 8 FROM pt_images()'),
	'600|t', 'six hundred graphs are in few segments');
is($node->safe_psql('postgres', $parallel), '100000', 'parallel queries go on');
my $places = join '; ', map { "SELECT image_place FROM pt_graph_status('g$_')" } 1, 599;
is($node->safe_psql('postgres', $places), "shared\nshared", 'another session finds them');

# Some go, some get another file: exactly theirs have to be built again.
$node->safe_psql('postgres', <<'SQL');
DO $$
BEGIN
	FOR i IN 5 .. 600 BY 5 LOOP EXECUTE format('DROP INDEX g%s_a_b_idx; CREATE INDEX ON g%1$s USING adjacency (a, b)', i); END LOOP;
	FOR i IN 3 .. 600 BY 3 LOOP EXECUTE format('REINDEX INDEX g%s_a_b_idx', i); END LOOP;
	FOR i IN 4 .. 600 BY 4 LOOP EXECUTE format('TRUNCATE g%s; INSERT INTO g%1$s VALUES (1, 2)', i); END LOOP;
END $$;
SQL
my $theirs = 'SELECT count(*), count(DISTINCT index_name) FROM pt_images()';
my $kept = grep { $_ % 5 && $_ % 3 && $_ % 4 } 1 .. 600;
is($node->safe_psql('postgres', $theirs), "$kept|$kept", 'what has another file has no image');
$walker->query_safe('CALL walk_graphs(600)');
is($node->safe_psql('postgres', $theirs), '600|600', 'until it is walked');
$node->safe_psql('postgres', 'DO $$ BEGIN FOR i IN 1 .. 600 LOOP EXECUTE format(\'DROP TABLE g%s\', i); END LOOP; END $$');
is($node->safe_psql('postgres', 'SELECT count(*) FROM pt_images()'), '0', 'none is left when they are dropped');

# ---- giving back, while an idle session has all of it mapped ----

my $before = memory();
my $idle = $node->background_psql('postgres');

$node->safe_psql('postgres', fill('one'));
my $expected = $node->safe_psql('postgres', walk('one'));
is($idle->query_safe(walk('one')), $expected, 'a session walks a graph');
cmp_ok(memory() - $before, '>', 6 * 1024 * 1024, 'its image takes memory');
# by this session only, once the other has come to its end
ok(pt_wait_for($node, "SELECT (state, place, sessions, uses)::text = '(ready,segment,1,0)' FROM pt_images()"),
	'and is mapped, but not used');
$node->safe_psql('postgres', 'BEGIN; DROP TABLE one; ROLLBACK');
is($node->safe_psql('postgres', walk('one')), $expected, 'a DROP TABLE that is rolled back does no harm');
foreach my $turn (1 .. 3)
{
	$idle->query_safe(walk('one'));
	$node->safe_psql('postgres', 'REINDEX INDEX CONCURRENTLY one_adj');
	given_back("REINDEX CONCURRENTLY, $turn", $before);
	is($node->safe_psql('postgres', walk('one')), $expected, "REINDEX CONCURRENTLY, $turn: the same answer");
	is($node->safe_psql('postgres', 'SELECT count(*), count(DISTINCT index_name) FROM pt_images()'),
		'1|1', "REINDEX CONCURRENTLY, $turn: one image");
}
$idle->query_safe(walk('one'));
$node->safe_psql('postgres', 'REINDEX INDEX one_adj');
given_back('REINDEX', $before);
$idle->query_safe(walk('one'));
$node->safe_psql('postgres', 'DROP TABLE one');
given_back('DROP TABLE', $before);

# What is left is a segment without memory, which the next image fills again.
$node->safe_psql('postgres', fill('two'));
$expected = $node->safe_psql('postgres', walk('two'));
is($idle->query_safe(walk('two')), $expected, 'the session goes on to another graph');
is($node->safe_psql('postgres', 'SELECT count(*) FROM pt_images()'), '1', 'which is shared');
is($node->safe_psql('postgres', "SELECT count(*) FROM pt_check_index('two_adj')"), '0', 'and right');
is($node->safe_psql('postgres', "CREATE INDEX ON two (a); ANALYZE two; WITH RECURSIVE r (n) AS (SELECT 1 UNION SELECT b FROM r JOIN two ON a = n) SELECT count(*) FROM r"), $expected, 'as a recursive query has it');

$node->append_conf('postgresql.conf', 'parseltongue.shared_image_memory = 64');
$node->reload;
ok(pt_wait_for($node, 'SELECT count(*) = 0 FROM pt_images()'), 'a lower setting');
given_back('a lower setting', $before);
is($idle->query_safe(walk('two')), $expected, 'a lower setting: the same answer');
$node->append_conf('postgresql.conf', 'parseltongue.shared_image_memory = 1GB');
$node->reload;
ok(pt_wait_for($node, "SELECT image_place = 'shared' FROM pt_graph_status('two')"), 'a higher setting');

$node->safe_psql('postgres', 'CREATE DATABASE other');
pt_setup($node, 'other');
my $old = memory();
$node->safe_psql('other', fill('three') . '; ' . walk('three'));
cmp_ok(memory() - $old, '>', 6 * 1024 * 1024, 'the image of another database');
is($node->safe_psql('postgres', "SELECT count(*), count(index_name) FROM pt_images() WHERE database = 'other'"), '1|0', 'is told of');
$node->safe_psql('postgres', 'DROP DATABASE other');
given_back('DROP DATABASE', $old);

# ---- files that went with the transaction that made them ----

my $listed = $node->safe_psql('postgres', 'SELECT count(*) FROM pt_images()');
pt_psql_state($node, 'postgres', "BEGIN; $_; SELECT count(*) FROM pt_bfs('four', 1); ROLLBACK;") foreach (fill('four'));
is($node->safe_psql('postgres', 'SELECT count(*) FROM pt_images()'), $listed, 'an index whose transaction fails takes its image along');
pt_psql_state($node, 'postgres', 'BEGIN; SAVEPOINT s; ' . fill('four') . '; ' . walk('four') . '; ROLLBACK TO s; CREATE TABLE four (); COMMIT;');
is($node->safe_psql('postgres', 'SELECT count(*) FROM pt_images()'), $listed, 'so does one of a savepoint');
$node->safe_psql('postgres', fill('five') . '; ' . walk('five'));
pt_psql_state($node, 'postgres', 'BEGIN; REINDEX INDEX five_adj; ' . walk('five') . '; ROLLBACK;');
is($node->safe_psql('postgres', walk('five')), $expected, 'REINDEX that is rolled back: the same answer');
$node->safe_psql('postgres', 'DROP TABLE four, five');
is($node->safe_psql('postgres', 'SELECT count(*) FROM pt_images()'), $listed, 'and none is left');

# ---- another OID, the same file ----

$node->safe_psql('postgres', <<'SQL');
CREATE TABLE v (a varchar(40), b varchar(40));
INSERT INTO v SELECT 'n' || i, 'n' || (i * 7919 % 5000) FROM generate_series(1, 60000) i;
CREATE INDEX v_adj ON v USING adjacency (a, b);
SELECT count(*) FROM pt_blast_radius('n1', 2, 'out', graph => 'v');
ALTER TABLE v ALTER a TYPE text, ALTER b TYPE text;
SQL
my $former = $node->safe_psql('postgres', "SELECT max(built_at) FROM pt_images() WHERE database = 'postgres'");
$node->safe_psql('postgres', <<'SQL');
INSERT INTO v SELECT 'x' || i, 'n' || (i * 7919 % 5000) FROM generate_series(1, 30000) i;
SELECT count(*) FROM pt_blast_radius('n1', 2, 'out', graph => 'v');
SQL
# The insertion has made a merge due, which a worker does; then the former one goes.
my $builds = "SELECT index_name, built_at FROM pt_images() WHERE index = 'v_adj'::regclass";
ok(pt_wait_for($node, "SELECT count(*) = 1 AND max(built_at) > '$former' FROM pt_images() WHERE index = 'v_adj'::regclass"),
	'ALTER TYPE: the image is merged');
my $built = $node->safe_psql('postgres', $builds);
like($built, qr/^public\.v_adj\|/, 'ALTER TYPE: the image has the new index');
$node->safe_psql('postgres', "SELECT count(*) FROM pt_blast_radius('n1', 2, 'out', graph => 'v')") foreach 1, 2;
is($node->safe_psql('postgres', $builds), $built, 'ALTER TYPE: later sessions build nothing');

# ---- uses end ----

$node->safe_psql('postgres', 'CREATE TABLE clique (a int, b int); INSERT INTO clique SELECT i, j FROM generate_series(1, 12) i, generate_series(1, 12) j WHERE i <> j; CREATE INDEX ON clique USING adjacency (a, b)');
my $long = "SELECT count(*) FROM pt_paths('1', '2', 2147483647, graph => 'clique')";
my $uses = 'SELECT coalesce(sum(uses), 0) FROM pt_images()';
my ($state) = pt_psql_state($node, 'postgres', "SET statement_timeout = 300; $long;");
is($state, '57014', 'a call that is cancelled');
is($node->safe_psql('postgres', $uses), '0', 'is no use any more');
my $victim = $node->background_psql('postgres', on_error_die => 0, on_error_stop => 0);
my $pid = $victim->query_safe('SELECT pg_backend_pid()');
$victim->query_until(qr/begun/, "\\echo begun\n$long;\n");
ok(pt_wait_for($node, "SELECT ($uses) = 1"), 'a call is under way');
$node->safe_psql('postgres', 'DROP TABLE two');
$node->safe_psql('postgres', "SELECT pg_terminate_backend($pid, 120000)");
is($node->safe_psql('postgres', $uses), '0', 'the use ends with the session');
eval { $victim->quit };

is($node->safe_psql('postgres', "SELECT has_function_privilege('public', 'pt_images()', 'EXECUTE'), has_function_privilege('pg_monitor', 'pt_images()', 'EXECUTE')"), 'f|t', 'pt_images is for monitors');
$walker->quit;
$idle->quit;
unlike(pt_log($node), qr/PANIC|TRAP|terminated by signal|WARNING|XX000/, 'nothing in the log');
$node->stop;
done_testing();
