# VACUUM that does not clean indexes: the wraparound failsafe, INDEX_CLEANUP OFF
# and the bypass for a few dead rows. Entries of removed rows stay in the log
# then, leading to dead line pointers, on pages that may be frozen but must not
# become all-visible. Walks stay right at each step, of sessions that had an
# image before and of new ones, until an ordinary VACUUM removes the entries and
# other edges take the places.
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use PtTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

# The failsafe begins at 1.05 times autovacuum_freeze_max_age, whatever
# vacuum_failsafe_age says; 100,000 is the least. No autovacuum is forced before
# transaction 131,072, which is more than this test uses.
my $node = pt_node('failsafe', preload => 1, conf => <<'CONF');
autovacuum = off
autovacuum_freeze_max_age = 100000
vacuum_failsafe_age = 0
vacuum_cost_delay = 0
jit = off
CONF

$node->safe_psql('postgres', <<'SQL');
CREATE TABLE numbers (a int NOT NULL, b int NOT NULL, t text);
CREATE INDEX numbers_btree ON numbers (a);
CREATE INDEX numbers_adj ON numbers USING adjacency (a, b, t);
CREATE TABLE texts (a text NOT NULL, b text NOT NULL);
CREATE INDEX texts_adj ON texts USING adjacency (a, b);
CREATE TABLE guess (a int NOT NULL, b int NOT NULL, t text, confidence numeric(3,2));
CREATE INDEX guess_adj ON guess USING adjacency (a, b, t, confidence);
INSERT INTO numbers SELECT i, i % 400 + 1, 'ring' FROM generate_series(1, 400) i;
INSERT INTO numbers SELECT i, (i * 7) % 400 + 1, 'chord' FROM generate_series(1, 400) i;
INSERT INTO texts SELECT 'k' || a, 'k' || b FROM numbers;
INSERT INTO guess SELECT a, b, t, CASE WHEN a % 3 > 0 THEN (1 + a * 7 % 100) / 100.0 END FROM numbers;
INSERT INTO pt_edge (from_key, to_key, edge_type) SELECT 'k' || a, 'k' || b, t FROM numbers;
SQL
my @tables = qw(numbers texts guess pt_edge);
my @indexes = qw(numbers_adj texts_adj guess_adj pt_edge_adjacency);
my $tables = join ', ', @tables;
$node->safe_psql('postgres', "VACUUM (ANALYZE) $tables");

my $walks = <<'SQL';
SELECT assert_walks('numbers', '{1,399}') + assert_walks('texts', '{k200}')
	+ assert_walks('pt_edge', '{k1}') + assert_guesses('guess', '{1}') > 0
SQL

# One session has its images from the beginning, with all they have learnt.
my $session = $node->background_psql('postgres');

sub all_right
{
	my ($what) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	is($session->query_safe($walks), 't', "$what: walks of the old session");
	is($node->safe_psql('postgres', $walks), 't', "$what: walks of a new session");
	pt_clean($node, $what, @indexes);
	return;
}

sub entries
{
	return $node->safe_psql('postgres', 'SELECT string_agg(edges::text, $$ $$ ORDER BY t) FROM unnest($$' . "{$tables}" . '$$::text[]) t, pt_graph_status(t::regclass)');
}

sub all_visible
{
	return $node->safe_psql('postgres', "SELECT sum(relallvisible) FROM pg_class WHERE relname IN ('" . join("', '", @tables) . "')");
}

# Delete edges of some nodes, or write some anew, in all graphs.
sub cut
{
	my ($modulus, $residue) = @_;
	$node->safe_psql('postgres', <<"SQL");
DELETE FROM numbers WHERE a % $modulus = $residue;
DELETE FROM texts WHERE substr(a, 2)::int % $modulus = $residue;
DELETE FROM guess WHERE a % $modulus = $residue;
DELETE FROM pt_edge WHERE substr(from_key, 2)::int % $modulus = $residue;
SQL
	return;
}

sub write_edges
{
	my ($first, $last, $step) = @_;
	$node->safe_psql('postgres', <<"SQL");
INSERT INTO numbers SELECT i, i + $step, 'new' FROM generate_series($first, $last) i;
INSERT INTO texts SELECT 'k' || i, 'k' || i + $step FROM generate_series($first, $last) i;
INSERT INTO guess SELECT i, i + $step, 'new', CASE WHEN i % 4 > 0 THEN 0.5 END FROM generate_series($first, $last) i;
INSERT INTO pt_edge (from_key, to_key, edge_type) SELECT 'k' || i, 'k' || i + $step, 'new' FROM generate_series($first, $last) i ON CONFLICT DO NOTHING;
SQL
	return;
}

# An ordinary VACUUM, which must find what was left: entries go, and what is
# written next takes the places of the removed rows.
sub clean_up
{
	my ($what, $step) = @_;
	my $before = entries();
	$node->safe_psql('postgres', "VACUUM (INDEX_CLEANUP ON) $tables");
	my $after = entries();
	my ($counted, $left) = (0, 0);
	$counted += $_ foreach split / /, $before;
	$left += $_ foreach split / /, $after;
	is($left, $node->safe_psql('postgres', 'SELECT ' . join(' + ', map { "(SELECT count(*) FROM $_)" } @tables)),
		"$what: an ordinary VACUUM leaves an entry for each row");
	cmp_ok($left, '<', $counted, "$what: and removes the others");
	all_right("$what: after an ordinary VACUUM");
	my $size = $node->safe_psql('postgres', "SELECT pg_relation_size('numbers')");
	write_edges(1, 60, $step);
	is($node->safe_psql('postgres', "SELECT pg_relation_size('numbers')"), $size, "$what: new edges take the places of removed ones");
	all_right("$what: with new edges in their places");
	return;
}

all_right('at first');

# ---- the failsafe ----

# The dead rows are those of before and some of after the transactions that are
# used up.
cut(5, 2);
$node->safe_psql('postgres', 'DO $$ BEGIN FOR i IN 1 .. 105500 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$');
cut(7, 3);
$node->safe_psql('postgres', "BEGIN; INSERT INTO numbers SELECT i, i + 1, 'aborted' FROM generate_series(1, 300) i; INSERT INTO texts SELECT 'k1', 'k' || 200 + i FROM generate_series(1, 300) i; ROLLBACK");
is($node->safe_psql('postgres', "SELECT min(age(relfrozenxid)) > 105000 AND pg_snapshot_xmax(pg_current_snapshot())::text::bigint < 131072 FROM pg_class WHERE relname IN ('" . join("', '", @tables) . "')"),
	't', 'the tables are old enough for the failsafe');
all_right('before the failsafe');

my $entries = entries();
my $from = -s $node->logfile;
my ($rc, $out, $err) = $node->psql('postgres', "VACUUM $tables");
is($rc, 0, 'VACUUM');
foreach my $table (@tables)
{
	like($err, qr/WARNING:  bypassing nonessential maintenance of table "postgres\.public\.$table" as a failsafe after 0 index scans/, "the failsafe was taken for $table");
	like(slurp_file($node->logfile, $from), qr/bypassing nonessential maintenance of table "postgres\.public\.$table" as a failsafe/, '... as the log says');
}
is($node->safe_psql('postgres', "SELECT max(age(relfrozenxid)) < 1000 FROM pg_class WHERE relname IN ('" . join("', '", @tables) . "')"),
	't', 'the tables are frozen');
is(entries(), $entries, 'no entry was removed');
is(all_visible(), '0', 'and no page with removed rows became all-visible');
all_right('after the failsafe');
write_edges(401, 450, -250);
$node->safe_psql('postgres', "UPDATE numbers SET b = b % 400 + 1 WHERE a % 50 = 1; UPDATE texts SET b = 'k300' WHERE a = 'k9'");
all_right('writes after the failsafe');
$node->restart;
$session->quit;
$session = $node->background_psql('postgres');
all_right('a restart after the failsafe');
$node->stop('immediate');
$node->start;
eval { $session->quit };
$session = $node->background_psql('postgres');
all_right('a crash after the failsafe');
clean_up('failsafe', 101);

# ---- INDEX_CLEANUP OFF ----

cut(6, 1);
$entries = entries();
$node->safe_psql('postgres', "VACUUM (INDEX_CLEANUP OFF, FREEZE) $tables");
is(entries(), $entries, 'INDEX_CLEANUP OFF: no entry was removed');
all_right('INDEX_CLEANUP OFF');
write_edges(451, 480, -170);
$node->safe_psql('postgres', "VACUUM (INDEX_CLEANUP OFF) $tables");
all_right('INDEX_CLEANUP OFF, twice');
clean_up('INDEX_CLEANUP OFF', 202);

# The same as an option of the table, for autovacuum's sake.
$node->safe_psql('postgres', "ALTER TABLE $_ SET (vacuum_index_cleanup = off)") foreach @tables;
cut(4, 3);
$entries = entries();
$node->safe_psql('postgres', "VACUUM $tables");
is(entries(), $entries, 'vacuum_index_cleanup = off: no entry was removed');
all_right('vacuum_index_cleanup = off');
$node->safe_psql('postgres', "ALTER TABLE $_ RESET (vacuum_index_cleanup)") foreach @tables;
clean_up('vacuum_index_cleanup = off', 303);

# ---- the bypass: dead rows on less than two percent of the pages ----

$node->safe_psql('postgres', <<'SQL');
CREATE TABLE many (a int NOT NULL, b int NOT NULL, t text);
CREATE INDEX many_adj ON many USING adjacency (a, b, t);
INSERT INTO many SELECT i, i + 1, repeat('long', 20) FROM generate_series(1, 30000) i;
VACUUM (ANALYZE) many;
SQL
my $length = "SELECT string_agg(count::text, ' ') FROM (SELECT count(*) FROM pt_bfs('many', 19990, missing_ok => true) UNION ALL SELECT count(*) FROM pt_bfs('many', 19990, direction => 'in', missing_ok => true)) x";
is($session->query_safe($length), '10012 19990', 'a long chain');
$node->safe_psql('postgres', 'DELETE FROM many WHERE a IN (10, 20000, 29000)');
$entries = $node->safe_psql('postgres', "SELECT edges FROM pt_graph_status('many')");
(undef, undef, $err) = $node->psql('postgres', 'VACUUM (VERBOSE) many');
like($err, qr/index scan bypassed: \d+ pages from table .* have \d+ dead item identifiers/, 'the bypass was taken');
is($node->safe_psql('postgres', "SELECT edges FROM pt_graph_status('many')"), $entries, 'no entry was removed');
is($session->query_safe($length), '11 19980', 'edges that were deleted are missing');
is($node->safe_psql('postgres', $length), '11 19980', 'in a new session as well');
pt_clean($node, 'the bypass', 'many_adj');
$node->safe_psql('postgres', "VACUUM (INDEX_CLEANUP ON) many; INSERT INTO many SELECT 40000, 40000 + i, 'new' FROM generate_series(1, 3) i");
is($node->safe_psql('postgres', "SELECT edges FROM pt_graph_status('many')"), $entries, 'removed by an ordinary VACUUM, and as many new ones');
is($session->query_safe($length), '11 19980', 'the chain stays as short');
is($session->query_safe("SELECT assert_graph('many', '19990', d, 12) FROM unnest('{in,out,both}'::text[]) d") =~ s/\s//gr, '', 'walks equal the recursive query');
pt_clean($node, 'the bypass, later', 'many_adj');

is($session->query_safe($walks), 't', 'the old session at the end');
$session->quit;
unlike(slurp_file($node->logfile), qr/PANIC|TRAP|XX\d\d\d/, 'nothing in the log');
$node->stop;
done_testing();
