# pt_watch: what a listener is told, of random transactions, against recursive
# queries before and after each. And what is left of a watch by two-phase commit,
# by dump and restore, and by the end of the extension.
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use PtTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $seed = $ENV{PT_SEED} // int(rand(2**31));
srand($seed);
diag "PT_SEED=$seed";

my $node = pt_node('watch', preload => 1, conf => "max_prepared_transactions = 2\n");
$node->safe_psql('postgres', <<'SQL');
SELECT pt_create_codebase('w');
CREATE TABLE keys AS SELECT 'k' || i AS key FROM generate_series(1, 40) AS i;
INSERT INTO w.pt_edge (from_key, to_key) SELECT DISTINCT 'k' || 1 + i * 7919 % 40, 'k' || 1 + i * i % 23 FROM generate_series(1, 60) AS i;
CREATE FUNCTION radius(of text, most bigint, trusted float8) RETURNS TABLE (key text, distance bigint) LANGUAGE sql AS $$
	WITH RECURSIVE r (key, distance) AS (
		SELECT of, 0::bigint
		UNION SELECT from_key, distance + 1 FROM r JOIN w.pt_edge ON to_key = r.key
		WHERE distance < coalesce(most, 41) AND coalesce(confidence, 1) >= trusted
	) SELECT r.key, min(r.distance) FROM r WHERE r.key <> of GROUP BY r.key
$$;
CREATE VIEW radii AS SELECT w.key AS watched, w.hops, r.* FROM pt_watches('w.pt_edge') AS w LEFT JOIN LATERAL radius(w.key, w.hops, w.min_confidence) AS r ON true;
CREATE TABLE was AS SELECT * FROM radii;
CREATE FUNCTION expected() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT format('expected {"graph":"w.pt_edge","key":"%s",%s"entities":%s,"before":%s,"entered":%s,"left":%s,"moved":%s}', watched, '"hops":' || hops || ',', a, b, e, l, m)
	FROM (
		SELECT watched, coalesce(was.hops, becomes.hops) AS hops, count(becomes.key) AS a, count(was.key) AS b, count(becomes.key) FILTER (WHERE was.key IS NULL) AS e, count(was.key) FILTER (WHERE becomes.key IS NULL) AS l,
			count(*) FILTER (WHERE was.distance <> becomes.distance) AS m
		FROM (SELECT * FROM was WHERE key IS NOT NULL) AS was FULL JOIN (SELECT * FROM radii WHERE key IS NOT NULL) AS becomes USING (watched, key) GROUP BY 1, 2) AS d
	WHERE e + l + m > 0 ORDER BY watched $$;
SELECT pt_watch('{k1,k4}', 2, 'feed', graph => 'w.pt_edge'), pt_watch('{k2,k9}', NULL, 'feed', graph => 'w.pt_edge'), pt_watch('{k12}', 1, 'feed', min_confidence => 1, graph => 'w.pt_edge');
SQL

sub statement
{
	my ($a, $b) = map { 'k' . (1 + int rand 40) } 1 .. 2;
	my $confidence = (qw(NULL NULL 0.3 0.7))[ rand 4 ];
	return (
		"INSERT INTO w.pt_edge (from_key, to_key, confidence) VALUES ('$a', '$b', $confidence), ('$b', 'x', NULL) ON CONFLICT (from_key, to_key, edge_type) DO UPDATE SET confidence = EXCLUDED.confidence",
		"INSERT INTO w.pt_edge (from_key, to_key) VALUES ('$a', '$b') ON CONFLICT DO NOTHING",
		"DELETE FROM w.pt_edge WHERE from_key = '$a'",
		"DELETE FROM w.pt_edge WHERE to_key = '$a' AND from_key < 'k3'",
		"UPDATE w.pt_edge SET source_location = 'x' WHERE from_key = '$a'",
		"UPDATE w.pt_edge SET confidence = $confidence WHERE to_key = '$b'",
		"UPDATE w.pt_edge SET edge_type = 'Uses' WHERE from_key = '$a' AND to_key = '$b' AND edge_type = 'Calls' AND NOT EXISTS (SELECT FROM w.pt_edge WHERE from_key = '$a' AND to_key = '$b' AND edge_type = 'Uses')"
	)[ rand 7 ] . ";\n";
}

my $script = "LISTEN feed;\n";
my $rounds = 150;
foreach my $round (1 .. $rounds)
{
	$script .= "TRUNCATE was; INSERT INTO was SELECT * FROM radii;\n";
	my $body = statement();
	if ($round % 3 > 0)
	{
		$body .= join '', map { rand() < 0.3 ? 'SAVEPOINT s;' . statement() . (rand() < 0.5 ? "ROLLBACK TO s;\n" : "RELEASE s;\n") : statement() } 1 .. int rand 4;
		$body = 'BEGIN' . (rand() < 0.3 ? ' ISOLATION LEVEL REPEATABLE READ' : '') . ";\n$body" . (rand() < 0.15 ? 'ROLLBACK' : 'COMMIT') . ";\n";
	}
	$script .= "$body\\echo done $round\nSELECT * FROM expected();\n";
}
my ($rc, $out, $err) = $node->psql('postgres', $script, on_error_stop => 1);
is($rc, 0, 'random transactions') or diag $err;
my (%told, %expected);
my ($round, $any) = (1, 0);
foreach (split /\n/, $out)
{
	$told{$round} .= "$1\n" if /^Asynchronous notification "feed" with payload "(.*)" received/;
	$round = $1 + 1 if /^done (\d+)/;
	$expected{ $round - 1 } .= "$1\n", $any++ if /^expected (.*)/;
}
sub sorted { return join "\n", sort split /\n/, (shift // '') =~ s/"hops":,//gr }
my @wrong = grep { sorted($told{$_}) ne sorted($expected{$_}) } 1 .. $rounds;
is(scalar(@wrong), 0, "what is told is what changed, $any times") or diag "first wrong round: $wrong[0]\ntold\n", $told{ $wrong[0] } // '', "expected\n", $expected{ $wrong[0] } // '';
cmp_ok($any, '>', 20, 'something changed');

# a transaction that is prepared cannot notify
my ($state) = pt_psql_state($node, 'postgres', "BEGIN; INSERT INTO w.pt_edge (from_key, to_key) VALUES ('z', 'k1'); PREPARE TRANSACTION 'p'");
is($state, '0A000', 'a transaction that notifies cannot be prepared');
($state) = pt_psql_state($node, 'postgres', "BEGIN; INSERT INTO w.pt_edge (from_key, to_key) VALUES ('z', 'zz'); PREPARE TRANSACTION 'p'; COMMIT PREPARED 'p'");
is($state, '', 'one that does not can be');
my $long = "\x{1}" x 1000;
$node->safe_psql('postgres', "SELECT pt_watch(ARRAY['$long'], 1, 'long', missing_ok => true, graph => 'w.pt_edge')");
$out = $node->safe_psql('postgres', "LISTEN long; INSERT INTO w.pt_edge (from_key, to_key) VALUES ('a', '$long')");
like($out, qr/"entities":1,"before":0,"entered":1/, 'the longest key');

# watched before, watched after; the extension's own tables want pt_watch again
$node->safe_psql('postgres', "SELECT pt_unwatch(channel => 'long', graph => 'w.pt_edge'); INSERT INTO pt_edge (from_key, to_key) VALUES ('b', 'a'); SELECT pt_watch('{a}', 1, 'own')");
my $dump = $node->basedir . '/watch.dump';
$node->command_ok([ 'pg_dump', '-Fc', '-f', $dump, '-p', $node->port, '-h', $node->host, 'postgres' ], 'pg_dump');
$node->safe_psql('postgres', 'CREATE DATABASE restored TEMPLATE template0');
$node->command_ok([ 'pg_restore', '-d', 'restored', '-p', $node->port, '-h', $node->host, $dump ], 'pg_restore');
is($node->safe_psql('restored', "SELECT count(*), bool_and(enabled) FROM pt_watches('w.pt_edge')"), '5|t', 'a codebase is watched as before');
like($node->safe_psql('restored', "LISTEN feed; INSERT INTO w.pt_edge (from_key, to_key) VALUES ('new', 'k12')"), qr/"key":"k12","hops":1,.*"entered":1/, 'and listeners are told');
is($node->safe_psql('restored', 'SELECT key, enabled FROM pt_watches()'), 'a|f', 'watches of the extension\'s own tables are there, without triggers');
like($node->safe_psql('restored', "SELECT pt_watch('{}'); LISTEN own; INSERT INTO pt_edge (from_key, to_key) VALUES ('c', 'a')"), qr/"key":"a","hops":1,"entities":2,"before":1,"entered":1/, 'until pt_watch makes them');

# without the extension
$node->safe_psql('restored', 'SET client_min_messages = warning; DROP EXTENSION parseltongue CASCADE');
is($node->safe_psql('restored', "INSERT INTO w.pt_edge (from_key, to_key) VALUES ('d', 'k1'); SELECT count(*) FROM pg_trigger WHERE tgname ~ '^pt_edge_watch'"), '0', 'no trigger is left without the extension');

$node->stop;
done_testing();
