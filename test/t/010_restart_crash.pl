# Crash recovery: an immediate shutdown in the midst of writes, several times
# over; afterwards index and table agree and walks are right, also where edges
# have a confidence and a weight.  Then what does not go through WAL: unlogged tables, and wal_level = minimal.
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use PtTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep);

my $node = pt_node('crash', conf => <<'CONF');
wal_consistency_checking = 'all'
checkpoint_timeout = 1h
max_wal_size = 1GB
CONF

$node->safe_psql('postgres', <<'SQL');
CREATE TABLE g (a int NOT NULL, b int NOT NULL, t text) WITH (fillfactor = 70);
CREATE INDEX g_adj ON g USING adjacency (a, b, t);
CREATE UNLOGGED TABLE ul (a int NOT NULL, b int NOT NULL, cost real DEFAULT 1.5);
CREATE INDEX ul_adj ON ul USING adjacency (a, b) INCLUDE (cost);
INSERT INTO g SELECT i, i % 200 + 1, 'seed' FROM generate_series(1, 200) i;
CREATE TABLE guess (a int NOT NULL, b int NOT NULL, t text, confidence numeric(3,2), cost numeric) WITH (fillfactor = 70);
CREATE INDEX guess_adj ON guess USING adjacency (a, b, t, confidence) INCLUDE (cost);
INSERT INTO guess SELECT i, i % 60 + 1, 'seed', CASE WHEN i % 3 > 0 THEN (1 + i * 7 % 100) / 100.0 END, i * 1.25 FROM generate_series(1, 200) i;
INSERT INTO ul SELECT i, i + 1 FROM generate_series(1, 100) i;
CHECKPOINT;
SQL

my $write = pt_script($node, 'write', <<'SQL');
\set a random(1, 400)
\set b random(1, 400)
\set c random(1, 20)
BEGIN;
INSERT INTO g SELECT :a, (:b + i) % 400 + 1, 'w' FROM generate_series(1, :c) i;
SAVEPOINT s;
DELETE FROM g WHERE a = :b;
\if :c <= 4
ROLLBACK TO s;
\endif
INSERT INTO ul VALUES (:a, :b);
INSERT INTO guess SELECT :a, (:b + i) % 400 + 1, 'w', nullif((:b + i * 13) % 101, 0) / 100.0, nullif(:b - i * 1.25, 0) FROM generate_series(1, :c) i;
DELETE FROM guess WHERE a = :b;
UPDATE guess SET confidence = CASE WHEN confidence IS NULL THEN 0.3 WHEN confidence < 0.6 THEN confidence + 0.4 END WHERE a = :c;
UPDATE guess SET cost = :b / 8.0 WHERE a = :a;
UPDATE g SET b = :a WHERE a = :c;
\if :c = 5
ROLLBACK;
\else
COMMIT;
\endif
SQL
my $vacuum = pt_script($node, 'vacuum', "VACUUM (INDEX_CLEANUP ON) g, guess;\n\\sleep 20 ms\n");

my $starts = "'{1,200,999}'";

foreach my $round (1 .. 4)
{
	my $bg = pt_bg($node, 'pgbench', '-n', '-c', '4', '-j', '2', '-T', '30', '-R', '700',
		'-f', "$write\@30", '-f', "$vacuum\@1", 'postgres');
	sleep(0.8 + 0.3 * $round);
	# One of the crashes comes just after a checkpoint, so that most pages are
	# in the WAL as changes and few as images.
	if ($round == 2)
	{
		$node->safe_psql('postgres', 'CHECKPOINT');
		sleep(0.3);
	}
	$node->stop('immediate');
	my ($rc, undef, $err) = pt_bg_stop($bg);
	unlike($err, qr/(?:XX\d\d\d|corrupt|could not read)/i,
		"round $round: writers saw nothing but the shutdown");
	$node->start;

	pt_clean($node, "crash $round", 'g_adj', 'guess_adj', 'ul_adj');
	pt_walks_agree($node, "crash $round", 'g', $starts);
	pt_guesses_agree($node, "crash $round", 'guess', $starts);
	pt_weights_agree($node, "crash $round", 'guess');
	is($node->safe_psql('postgres', 'SELECT count(*) FROM ul'),
		'0', "crash $round: the unlogged table is empty");
	is( $node->safe_psql('postgres',
			"SELECT count(*) FROM pt_bfs('ul', 1, missing_ok => true) WHERE distance > 0"),
		'0', "crash $round: so is its graph");
	is( $node->safe_psql('postgres',
			"INSERT INTO ul SELECT i, i + 1 FROM generate_series(1, 50) i; SELECT count(*) FROM pt_bfs('ul', 1)"
		),
		'51',
		"crash $round: and it takes edges again");
	pt_weights_agree($node, "crash $round", 'ul');
}

# The same after a clean restart: unlogged tables keep their rows.
$node->restart;
is($node->safe_psql('postgres', "SELECT count(*) FROM pt_bfs('ul', 1)"),
	'51', 'a clean restart keeps an unlogged graph');
pt_weights_agree($node, 'clean restart', 'ul');
pt_clean($node, 'clean restart', 'g_adj', 'ul_adj');

# A crash leaves pages that were added to the index but never filled: extend,
# crash before the WAL of the contents is flushed.  Big transactions that never
# commit get their relation extended, and die.
{
	my $bg = pt_bg($node, 'psql', '-X', '-d', 'postgres', '-c',
		'BEGIN; INSERT INTO g SELECT i % 400, i % 399, repeat(chr(97 + i % 26), 20) FROM generate_series(1, 3000000) i');
	sleep(1.5);
	$node->stop('immediate');
	pt_bg_stop($bg);
	$node->start;
	pt_clean($node, 'crash in a big insert', 'g_adj');
	pt_walks_agree($node, 'crash in a big insert', 'g', $starts);
	$node->safe_psql('postgres', "INSERT INTO g VALUES (1, 1000, 'after'), (1000, 1001, 'after')");
	is( $node->safe_psql('postgres', "SELECT node FROM pt_bfs('g', 1000) ORDER BY distance"),
		"1000\n1001", 'edges inserted after it are found');
	$node->safe_psql('postgres', 'VACUUM g');
	pt_clean($node, 'VACUUM after the crash', 'g_adj');
	pt_walks_agree($node, 'VACUUM after the crash', 'g', $starts);
}
unlike(slurp_file($node->logfile), qr/PANIC|inconsistent page|TRAP/, 'nothing in the log');
$node->stop;

# wal_level = minimal: table, rows and index of one transaction skip the WAL
# and are synced at commit instead.
my $minimal = pt_node('minimal', conf => <<'CONF');
wal_level = minimal
max_wal_senders = 0
wal_skip_threshold = 0
CONF
my $data = $minimal->basedir . '/edges.tsv';
open my $fh, '>', $data or die $!;
print $fh "$_\t" . ($_ + 1) . "\n" for 1 .. 800;
close $fh;

$minimal->safe_psql('postgres', <<SQL);
CHECKPOINT;
BEGIN;
CREATE TABLE m (a int, b int);
COPY m FROM '$data';
CREATE INDEX m_adj ON m USING adjacency (a, b);
INSERT INTO m VALUES (801, 802);
COMMIT;
BEGIN;
CREATE TABLE m2 (a int, b int);
CREATE INDEX m2_adj ON m2 USING adjacency (a, b);
COPY m2 FROM '$data';
SAVEPOINT s;
INSERT INTO m2 VALUES (801, 9999);
ROLLBACK TO s;
COMMIT;
CREATE TABLE m3 (a int, b int);
CREATE INDEX m3_adj ON m3 USING adjacency (a, b);
INSERT INTO m3 VALUES (1, 2);
BEGIN;
TRUNCATE m3;
COPY m3 FROM '$data';
COMMIT;
INSERT INTO m3 VALUES (801, 802);
BEGIN;
TRUNCATE m3;
INSERT INTO m3 VALUES (1, 7777);
ROLLBACK;
BEGIN;
CREATE TABLE guess (a int, b int, t text, confidence numeric(3,2), cost float8 DEFAULT 7);
INSERT INTO guess SELECT i, i + 1, 't', CASE WHEN i % 5 > 0 THEN (1 + i % 100) / 100.0 END, i / 7.0 FROM generate_series(1, 800) i;
CREATE INDEX guess_adj ON guess USING adjacency (a, b, t, confidence) INCLUDE (cost);
INSERT INTO guess VALUES (1, 500, 't', 0.75), (1, 501, 't', 0.74);
COMMIT;
SQL
$minimal->stop('immediate');
$minimal->start;
foreach my $t ([ 'm', 802 ], [ 'm2', 801 ], [ 'm3', 802 ])
{
	is( $minimal->safe_psql('postgres', "SELECT count(*), max(distance) FROM pt_bfs('$t->[0]', 1)"),
		"$t->[1]|" . ($t->[1] - 1),
		"wal_level minimal: $t->[0] walks after the crash");
	pt_clean($minimal, 'wal_level minimal', "$t->[0]_adj");
}
pt_guesses_agree($minimal, 'wal_level minimal', 'guess', "'{1,400}'");
pt_weights_agree($minimal, 'wal_level minimal', 'guess');
pt_clean($minimal, 'wal_level minimal', 'guess_adj');
$minimal->safe_psql('postgres', 'INSERT INTO m VALUES (802, 803); DELETE FROM m WHERE a = 10; VACUUM m');
pt_clean($minimal, 'wal_level minimal, later writes', 'm_adj');
pt_walks_agree($minimal, 'wal_level minimal, later writes', 'm', "'{1,11}'::text[]");
$minimal->stop;

done_testing();
