# Keys that sessions leave in a shared image: many sessions add them while the
# image is merged and rebuilt under them, and what anybody is shown is right.
# They take no room from other images.
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use PtTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = pt_node('keys', preload => 1, conf => "autovacuum = off\nparseltongue.shared_image_memory = '64MB'\nmax_wal_size = 1GB\n");

# 8,000 nodes with keys of all lengths up to 150; all but the start are reached.
$node->safe_psql('postgres', <<'SQL');
CREATE FUNCTION k(i bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
	$$ SELECT 'k' || i || repeat(chr((97 + i % 26)::int), (i * 7 % 150)::int) $$;
CREATE TABLE g (a text NOT NULL, b text NOT NULL);
INSERT INTO g SELECT k(i), k((2 * i + j) % 8000) FROM generate_series(0, 7999) i, generate_series(0, 1) j;
CREATE INDEX g_adj ON g USING adjacency (a, b);
CREATE TABLE expected AS SELECT count(DISTINCT a) AS n, md5(string_agg(DISTINCT a, ',' ORDER BY a)) AS keys FROM g WHERE a <> k(1);
CREATE FUNCTION check_keys() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	found expected;
BEGIN
	SELECT count(*), md5(string_agg(key, ',' ORDER BY key)) INTO found FROM pt_blast_radius(k(1), NULL, 'out', graph => 'g');
	IF found IS DISTINCT FROM (SELECT e FROM expected e) THEN
		RAISE EXCEPTION 'wrong keys: % of %', found.n, (SELECT n FROM expected);
	END IF;
END $$;
SQL
my @parts = (
	[ 'readers that come and go', '-C', '-c', '4', '-j', '2', '-f', pt_script($node, 'read', 'SELECT check_keys();') ],
	# More entries than it takes for a merge, each time; REINDEX leaves out what
	# was rolled back, and begins with an image that knows no key.
	[ 'a writer', '-c', '1', '-f', pt_script($node, 'write', <<'SQL') ],
BEGIN;
INSERT INTO g SELECT k(i % 8000), k(3 * i % 8000) FROM generate_series(1, 26000) i;
SELECT check_keys();
ROLLBACK;
SQL
	[ 'REINDEX', '-c', '1', '-f', pt_script($node, 'reindex', "REINDEX INDEX g_adj;\n\\sleep 150 ms\n") ],
);
my @running = map { my ($name, @arguments) = @$_; [ $name, pt_bg($node, 'pgbench', '-n', '-T', '10', @arguments, 'postgres') ] } @parts;
foreach my $part (@running)
{
	my ($rc, $out, $err) = pt_bg_stop($part->[1]);
	is($rc, 0, $part->[0]) or diag substr($err, 0, 2000);
	note "$part->[0]: $1 transactions" if $out =~ /actually processed: (\d+)/;
}
is($node->safe_psql('postgres', "SELECT image_place FROM pt_graph_status('g')"), 'shared', 'the image is shared');
pt_clean($node, 'afterwards', 'g_adj');
$node->stop;

# An image has room for keys only where all images together leave half of the
# budget: four graphs that fit without keys are all shared, though some sessions
# could have used more room for one.
$node = pt_node('budget', preload => 1, conf => "parseltongue.shared_image_memory = '6MB'\n");
foreach my $i (1 .. 4)
{
	$node->safe_psql('postgres', <<"SQL");
CREATE TABLE g$i AS SELECT 'k' || j AS a, 'k' || (j % 20000 + 1) AS b FROM generate_series(1, 20000) j;
CREATE INDEX ON g$i USING adjacency (a, b);
SQL
}
my $session = $node->background_psql('postgres');
foreach my $turn (1, 2)
{
	is($session->query_safe("SELECT string_agg((SELECT image_place FROM pt_graph_status(('g' || i)::regclass)), ' ' ORDER BY i) FROM generate_series(1, 4) i"),
		'shared shared shared shared', "no image is crowded out by keys, turn $turn");
}
my @bytes = split /\|/, $session->query_safe("SELECT max(image_bytes) || '|' || min(image_bytes) FROM generate_series(1, 4) i, pt_graph_status(('g' || i)::regclass)");
cmp_ok($bytes[0], '>', 2 * $bytes[1], 'the first has room for keys, another has not');
is($session->query_safe("SELECT count(*) FROM generate_series(1, 4) i, pt_blast_radius('k1', 9, 'out', graph => ('g' || i)::regclass) WHERE key = 'k' || distance + 1"),
	'36', 'and all of them name their nodes');
$session->quit;
$node->stop;

done_testing();
