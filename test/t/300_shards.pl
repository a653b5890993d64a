# A graph in parts on three servers, by postgres_fdw: each walk is that of a
# recursive query over the same table.  One query a level reaches all parts; a
# server that dies is an error, and nothing is left behind.  And what changes a
# partitioned table beside a walk: partitions attached and detached.
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use PtTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $seed = $ENV{PT_SEED} // int(rand(1000));
note "seed $seed";
my $near = pt_node('near', preload => 1);
my %far = map { $_ => pt_node($_, preload => 1) } qw(one two);
$_->safe_psql('postgres', 'CREATE TABLE part (a int, b int, k text); CREATE INDEX ON part (a); CREATE INDEX ON part (b)') foreach values %far;
$near->safe_psql('postgres', <<'SQL');
CREATE EXTENSION postgres_fdw;
CREATE TABLE edge (a int, b int, k text) PARTITION BY HASH (a);
CREATE TABLE edge_here PARTITION OF edge FOR VALUES WITH (MODULUS 3, REMAINDER 0);
CREATE INDEX ON edge_here USING adjacency (a, b, k);
SQL
my $part = 0;
foreach my $name (sort keys %far)
{
	$part++;
	$near->safe_psql('postgres', sprintf <<'SQL', $name, $far{$name}->host, $far{$name}->port, $name, $name, $part, $name);
CREATE SERVER %s FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '%s', port '%s', dbname 'postgres', async_capable 'true');
CREATE USER MAPPING FOR CURRENT_USER SERVER %s;
CREATE FOREIGN TABLE edge_%s PARTITION OF edge FOR VALUES WITH (MODULUS 3, REMAINDER %d) SERVER %s OPTIONS (table_name 'part');
SQL
}
# By a ring of thirty of the nodes the questions below lead to every part.
$near->safe_psql('postgres', "INSERT INTO edge SELECT i, (i + 1) % 30, 'k0' FROM generate_series(0, 29) AS i; SELECT setseed($seed / 1000.0); INSERT INTO edge SELECT (random() * 60)::int, (random() * 60)::int, 'k' || i % 3 FROM generate_series(1, 150) AS i");

# Of each start in each direction; a row a difference.
my $oracle = <<'SQL';
CREATE FUNCTION differences(rel regclass) RETURNS SETOF text LANGUAGE plpgsql STABLE AS $$
DECLARE
	start int;
	direction text;
BEGIN
	FOR start IN SELECT DISTINCT x FROM edge, unnest(ARRAY[a, b]) AS x WHERE x % 7 = 0 LOOP
		FOREACH direction IN ARRAY '{out,in,both}'::text[] LOOP
			RETURN QUERY EXECUTE format($q$
				WITH RECURSIVE e (u, v) AS MATERIALIZED (SELECT a, b FROM %1$s WHERE $2 <> 'in' UNION ALL SELECT b, a FROM %1$s WHERE $2 <> 'out'),
					r (node, d) AS (SELECT $1, 0 UNION SELECT v, d + 1 FROM r JOIN e ON u = node WHERE d < 30),
					o AS (SELECT node::bigint, min(d) AS d FROM r GROUP BY node), w AS MATERIALIZED (SELECT node, distance FROM pt_bfs(%1$L, $1, NULL, $2))
				SELECT format('%%s %%s: %%s', $1, $2, x) FROM ((SELECT * FROM o EXCEPT SELECT * FROM w) UNION ALL (SELECT * FROM w EXCEPT SELECT * FROM o)) AS x$q$, rel)
				USING start, direction;
		END LOOP;
	END LOOP;
END $$;
SQL
$near->safe_psql('postgres', $oracle);
is($near->safe_psql('postgres', "SELECT * FROM differences('edge')"), '', 'walks of a table in parts on three servers are those of recursive queries');
is($near->safe_psql('postgres', "SELECT string_agg(DISTINCT edge_type, ' ') FROM pt_callees('7', graph => 'edge') WHERE from_key <> '7'"), '', 'edges, too');
is($near->safe_psql('postgres', "SELECT source, found_by FROM pt_graph_source('edge_here')"), 'image|index', 'a part here has its image');

# one query for each level, not one for each node
my $levels = $near->safe_psql('postgres', "SELECT max(distance) FROM pt_bfs('edge', 7)");
$_->append_conf('postgresql.conf', "log_statement = all\n"), $_->reload foreach values %far;
ok(pt_wait_for($_, "SELECT current_setting('log_statement') = 'all'"), 'a server tells what it is asked') foreach values %far;
my $offset = -s $far{one}->logfile;
$near->safe_psql('postgres', "SELECT count(*) FROM pt_bfs('edge', 7)");
my $asked = () = slurp_file($far{one}->logfile, $offset) =~ /DECLARE c/g;
cmp_ok($asked, '>', 0, 'it was asked');
cmp_ok($asked, '<=', $levels + 3, "$asked queries for $levels levels");

# partitions that come and go
$near->safe_psql('postgres', 'CREATE TABLE listed (a int, b int) PARTITION BY LIST (a); CREATE TABLE listed_1 PARTITION OF listed FOR VALUES IN (1); CREATE TABLE listed_rest PARTITION OF listed DEFAULT; INSERT INTO listed VALUES (1, 2), (2, 3), (3, 4)');
my $session = $near->background_psql('postgres');
$session->query_safe("PREPARE w AS SELECT count(*) FROM pt_bfs('listed', 1)");
is($session->query_safe('EXECUTE w'), '4', 'a prepared walk');
$near->safe_psql('postgres', 'ALTER TABLE listed DETACH PARTITION listed_1');
is($session->query_safe("SELECT count(*) FROM pt_bfs('listed', 1, missing_ok => true)"), '1', 'a partition is gone, and with it all but the start');
$near->safe_psql('postgres', 'ALTER TABLE listed ATTACH PARTITION listed_1 FOR VALUES IN (1)');
is($session->query_safe('EXECUTE w'), '4', 'and is back');

# a server that dies
$far{two}->stop('immediate');
my ($rc, $out, $err) = $near->psql('postgres', "SELECT count(*) FROM pt_bfs('edge', 7)");
isnt($rc, 0, 'a part that cannot be reached is an error');
like($err, qr/could not connect to server "two"|server closed the connection|terminating connection/, 'which says so');
is($near->safe_psql('postgres', "SELECT count(*) FROM pt_bfs('edge_here', (SELECT min(a) FROM edge_here)) WHERE distance = 0"), '1', 'other graphs are walked on');
$far{two}->start;
is($near->safe_psql('postgres', "SELECT * FROM differences('edge')"), '', 'once it is back so is the graph');

# a walk that is cancelled while a policy sleeps
$near->safe_psql('postgres', "CREATE VIEW slow AS SELECT a, b FROM listed WHERE pg_sleep(100) IS NOT NULL");
($rc, $out, $err) = $near->psql('postgres', "SET statement_timeout = '200ms'; SELECT pt_bfs('slow', 1)");
like($err, qr/canceling statement due to statement timeout/, 'a walk is cancelled within its query');
$session->quit;
unlike(slurp_file($_->logfile), qr/PANIC|TRAP|XX000/, $_->name . ': nothing in the log') foreach ($near, values %far);
$_->stop foreach ($near, values %far);
done_testing();
