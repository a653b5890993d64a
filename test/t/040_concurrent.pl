# Writers, walkers, VACUUM and the concurrent index commands, all at once.  Each
# walker compares the walk with plain SQL inside one statement, so that no
# difference can be put down to time.  Run with a local image, with a shared
# one, and with settings so small that images go local or out of the cache.
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use PtTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my %setting = (
	local => [ 0, "autovacuum_naptime = 1s\n" ],
	shared => [ 1, "autovacuum_naptime = 1s\n" ],
	tiny => [ 1, "parseltongue.shared_image_memory = 128\nparseltongue.local_image_memory = 4096\nshared_buffers = 1MB\nwork_mem = 64kB\nmaintenance_work_mem = 1MB\n" ],
);

foreach my $name (sort keys %setting)
{
	my ($preload, $conf) = @{ $setting{$name} };
	my $node = pt_node($name, preload => $preload, conf => "max_wal_size = 1GB\n$conf");
	$node->safe_psql('postgres', <<'SQL');
CREATE TABLE g (id bigserial, a int, b int, t text, note int) WITH (fillfactor = 80);
CREATE INDEX g_adj ON g USING adjacency (a, b, t);
CREATE INDEX g_a ON g (a);
CREATE TABLE h (a bigint, b bigint);
CREATE INDEX h_adj ON h USING adjacency (a, b);
CREATE TABLE w (a int, b int, cost float8, note int) WITH (fillfactor = 80);
CREATE INDEX w_adj ON w USING adjacency (a, b) INCLUDE (cost);
CREATE TABLE c (a int, b int, note int);
INSERT INTO g (a, b, t) SELECT i, i % 150 + 1, 'ring' FROM generate_series(1, 150) i;
INSERT INTO h SELECT i, i % 100 + 1 FROM generate_series(1, 100) i;
INSERT INTO w SELECT i, i % 100 + 1, i FROM generate_series(1, 100) i;
INSERT INTO c SELECT i, i % 100 + 1 FROM generate_series(1, 100) i;
INSERT INTO pt_edge SELECT 'n' || i, 'n' || i % 60 + 1 FROM generate_series(1, 60) i;
SQL
	my %script = (
		write => [ 12, <<'SQL' ],
\set a random(1, 220)
\set b random(1, 220)
\set c random(1, 12)
BEGIN;
INSERT INTO g (a, b, t) SELECT (:a + i * 13) % 220 + 1, (:b * i) % 220 + 1, 'w' FROM generate_series(1, :c) i;
SAVEPOINT one;
DELETE FROM g WHERE a = :a AND t = 'w';
SAVEPOINT two;
UPDATE g SET b = :b WHERE a = :c AND t = 'w';
\if :c > 8
ROLLBACK TO one;
\elif :c > 5
ROLLBACK TO two;
\else
RELEASE one;
\endif
UPDATE g SET note = :c WHERE a = :b;
INSERT INTO g (a, b, t) VALUES (:a, NULL, 'w'), (:a, :b, NULL);
\if :c = 3
ROLLBACK;
\else
COMMIT;
\endif
SQL
		# costs that change, or not where another column does
		weigh => [ 5, <<'SQL' ],
\set a random(1, 100)
\set b random(1, 100)
BEGIN;
UPDATE w SET cost = cost + :b WHERE a = :a;
SAVEPOINT one;
INSERT INTO w SELECT :b, (:a + i) % 100 + 1, nullif(i * :a, 3) FROM generate_series(1, 5) i;
\if :a > 80
ROLLBACK TO one;
\endif
UPDATE w SET note = :a WHERE a = :b;
DELETE FROM w WHERE a = :a AND b <> :a % 100 + 1;
SELECT assert_weights('w');
\if :b > 90
ROLLBACK;
\else
COMMIT;
\endif
SQL
		prune => [ 3, <<'SQL' ],
\set a random(1, 220)
DELETE FROM g WHERE (t = 'w' OR t IS NULL) AND a BETWEEN :a AND :a + 20;
DELETE FROM pt_edge WHERE edge_type = 'Uses' AND length(to_key) = 1 + :a % 3;
DELETE FROM h WHERE a > 100;
SQL
		edges => [ 6, <<'SQL' ],
\set a random(1, 80)
\set b random(1, 80)
SELECT pt_insert_edge('n' || :a, 'n' || :b, 'Uses', :b || ':1');
SELECT pt_insert_edges(jsonb_build_array(jsonb_build_object('from_key', 'n' || :b, 'to_key', 'n' || :a), jsonb_build_object('from_key', 'n' || :a, 'to_key', 'n' || :b, 'edge_type', 'Uses')));
INSERT INTO h VALUES (:a, :b), (100 + :a, :b);
UPDATE h SET b = :b WHERE a = 100 + :a;
SQL
		unindexed => [ 4, <<'SQL' ],
\set a random(1, 120)
\set b random(1, 120)
BEGIN;
INSERT INTO c VALUES (:a, :b, 1), (:b, :a, 2);
UPDATE c SET note = :a WHERE a = :b;
UPDATE c SET b = :a WHERE a = :b AND b <> a % 100 + 1;
DELETE FROM c WHERE a = :a AND b <> a % 100 + 1;
\if :a > 110
ROLLBACK;
\else
COMMIT;
\endif
SQL
		walk => [ 7, <<'SQL' ],
\set a random(1, 230)
SELECT assert_graph('g', :a::text, 'out');
SELECT assert_graph('g', :a::text, 'in', 3);
SELECT assert_graph('pt_edge', 'n' || (:a % 90), 'both');
SELECT assert_graph('h', :a::text, 'in');
SELECT assert_weights('w');
SQL
		# A snapshot that grows old while all goes on; its walks must not change.
		old => [ 2, <<'SQL' ],
\set a random(1, 150)
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT count(*) AS before FROM pt_bfs('g', :a) \gset
DECLARE cur CURSOR FOR SELECT assert_graph('g', :a::text, 'both');
\sleep 100 ms
SELECT assert_graph('g', :a::text, 'out');
FETCH ALL FROM cur;
SELECT 1 / (count(*) = :before)::int FROM pt_bfs('g', :a);
INSERT INTO g (a, b, t) VALUES (:a, 1000 + :a, 'w');
SELECT assert_graph('g', :a::text, 'out');
COMMIT;
SQL
	);
	my @files = map { ('-f', pt_script($node, $_, $script{$_}[1]) . '@' . $script{$_}[0]) } sort keys %script;
	my $seconds = $name eq 'shared' ? 12 : 9;
	my $bench = pt_bg($node, 'pgbench', '-n', '-c', '6', '-j', '2', '-T', $seconds, '--random-seed=rand', @files, 'postgres');

	# VACUUM, and the concurrent index commands on tables under those writes.
	my $loop = pt_bg($node, 'pgbench', '-n', '-c', '1', '-T', $seconds, '-f',
		pt_script($node, 'vacuum', "VACUUM (INDEX_CLEANUP ON) g;\nVACUUM (INDEX_CLEANUP ON) h, w;\nVACUUM pt_edge;\nVACUUM (FREEZE) g;\n\\sleep 5 ms\n"), 'postgres');
	my $ddl = pt_bg($node, 'pgbench', '-n', '-c', '1', '-T', $seconds, '-f',
		pt_script($node, 'concurrently', <<'SQL'), 'postgres');
CREATE INDEX CONCURRENTLY c_adj ON c USING adjacency (a, b);
SELECT assert_graph('c_adj', '7', 'out');
SELECT assert_graph('c', '8', 'both', 2);
SELECT 1 / (count(*) = 0)::int FROM pt_check_index('c_adj');
DROP INDEX CONCURRENTLY c_adj;
REINDEX INDEX CONCURRENTLY h_adj;
SELECT assert_graph('h', '8', 'in');
SELECT 1 / (count(*) = 0)::int FROM pt_check_index('h_adj');
SQL
	foreach my $part ([ $bench, 'writers and walkers' ], [ $loop, 'VACUUM' ], [ $ddl, 'concurrent index commands' ])
	{
		my ($rc, $out, $err) = pt_bg_stop($part->[0]);
		$err =~ s/^pgbench \(.*\n|^pgbench: .*script.*\n//mg;
		is($rc, 0, "$name: $part->[1]") or diag substr($err, 0, 2000);
		note "$name, $part->[1]: $1 transactions" if $out =~ /actually processed: (\d+)/;
	}

	$node->safe_psql('postgres', 'CREATE INDEX IF NOT EXISTS c_adj ON c USING adjacency (a, b)');
	pt_weights_agree($node, "$name, afterwards", 'w');
	pt_clean($node, "$name, afterwards", 'g_adj', 'h_adj', 'w_adj', 'pt_edge_adjacency', 'c_adj');
	pt_walks_agree($node, "$name, afterwards", 'g', "'{1,50,100,219,999}'::text[]");
	pt_walks_agree($node, "$name, afterwards", $_, "'{1,50}'::text[]") foreach ('h', 'c');
	pt_walks_agree($node, "$name, afterwards", 'pt_edge', "'{n1,n70}'::text[]");
	ok(pt_wait_for($node, "SELECT count(*) = 0 FROM pg_locks WHERE locktype IN ('page', 'tuple', 'advisory')"), "$name: no barrier is left behind");
	unlike(pt_log($node), qr/PANIC|TRAP|WARNING|XX000|terminated by signal/, "$name: nothing in the log");
	$node->stop;
}
done_testing();
