# What a session has found on pages: on a standby, where replay sets their LSNs;
# where setting hint bits moves them, too; and with wal_level = minimal, where
# changes of a new file leave none.
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use PtTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $graph = <<'SQL';
CREATE TABLE page (a int, b int, note text) WITH (autovacuum_enabled = off);
CREATE INDEX page_adj ON page USING adjacency (a, b);
INSERT INTO page SELECT i, i + 1 FROM generate_series(1, 8) i;
-- which way the last walk was told of rows
CREATE FUNCTION ways() RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', CASE WHEN by_map > 0 THEN 'map' END, CASE WHEN by_proof > 0 THEN 'proof' END,
		CASE WHEN by_looking > 0 THEN 'looking' END, CASE WHEN by_fetching > 0 THEN 'fetching' END) FROM pt_last_walk() $$;
SQL

# Walk: the nodes reached from 1, and the ways.
sub walked
{
	my ($session, $table) = @_;
	$table //= 'page';
	return $session->query_safe(
		"SELECT string_agg(node::text, ' ' ORDER BY node) || ': ' || ways() FROM pt_bfs('$table', 1)");
}

# ---- a standby, and hints that are logged ----

my $primary = pt_node('primary', init => { allows_streaming => 1 },
	conf => "autovacuum = off\nwal_log_hints = on\nmax_standby_streaming_delay = -1\n");
$primary->safe_psql('postgres', $graph);
$primary->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($primary, 'base', has_streaming => 1);
$standby->start;

sub catchup
{
	my $lsn = $primary->lsn('insert');

	# what an open transaction has logged is sent once somebody commits
	$primary->safe_psql('postgres', 'SELECT txid_current()');
	$primary->wait_for_catchup($standby, 'replay', $lsn);
	return;
}

my $writer = $primary->background_psql('postgres');
my $reader = $standby->background_psql('postgres');
my $local = $primary->background_psql('postgres');

catchup();
is(walked($reader), '1 2 3 4 5 6 7 8 9: looking fetching', 'standby: the page is judged');
is(walked($reader), '1 2 3 4 5 6 7 8 9: proof', 'standby: and that is gone by');

$writer->query_safe('BEGIN; DELETE FROM page WHERE a = 6; INSERT INTO page VALUES (9, 10)');
catchup();
is(walked($reader), '1 2 3 4 5 6 7 8 9: looking fetching', 'standby: changes under way');
is(walked($reader), '1 2 3 4 5 6 7 8 9: proof fetching', 'standby: leave rows open');
$writer->query_safe('COMMIT');
catchup();
like(walked($reader), qr/^1 2 3 4 5 6: /, 'standby: and are seen once they have been committed');

$writer->query_safe('INSERT INTO page VALUES (6, 7)');
catchup();
like(walked($reader), qr/^1 2 3 4 5 6 7 8 9 10: /, 'standby: a row inserted');
$reader->query_safe('BEGIN ISOLATION LEVEL REPEATABLE READ');
my $before = walked($reader);
$writer->query_safe('UPDATE page SET b = 30 WHERE a = 3');
catchup();
like(walked($reader), qr/^1 2 3 4 5 6 7 8 9 10: /, 'standby: not by an older snapshot');
like(walked($reader), qr/^1 2 3 4 5 6 7 8 9 10: /, 'standby: nor later');
$reader->query_safe('COMMIT');
like(walked($reader), qr/^1 2 3 30: /, 'standby: a row updated');

$writer->query_safe('VACUUM (TRUNCATE off) page');
catchup();
unlike(walked($reader), qr/map/, 'standby: the map is not used');
$writer->query_safe('INSERT INTO page VALUES (30, 31)');
catchup();
like(walked($reader), qr/^1 2 3 30 31: (looking|fetching)/, 'standby: a pointer used again');
is(walked($reader), '1 2 3 30 31: proof', 'standby: and that is gone by');

# Since the checkpoint nobody has changed the page: the first hint moves its LSN.
$writer->query_safe('INSERT INTO page VALUES (31, 32)');
$writer->query_safe('CHECKPOINT');
like(walked($local), qr/^1 2 3 30 31 32: /, 'logged hints: a page without hints');
walked($local);
is(walked($local), '1 2 3 30 31 32: proof', 'logged hints: is gone by once it has them');
$writer->query_safe('BEGIN; DELETE FROM page WHERE a = 30');
like(walked($local), qr/^1 2 3 30 31 32: /, 'logged hints: a deletion under way') for 1 .. 2;
$writer->query_safe('COMMIT; CHECKPOINT');
like(walked($local), qr/^1 2 3 30: /, 'logged hints: that was committed') for 1 .. 3;

# An entry may lead to what is no row of it: while a walk goes on, replay of
# VACUUM may go by.  Here older copies of tables take their place, in which one
# entry leads to a heap-only row and another behind the last pointer.
$writer->query_safe(
	'CREATE TABLE whole AS SELECT i AS a, i + 1 AS b FROM generate_series(1, 8) i; CREATE INDEX ON whole USING adjacency (a, b)');
$writer->query_safe('TRUNCATE page; INSERT INTO page SELECT i, i + 1 FROM generate_series(1, 8) i');
$writer->query_safe("UPDATE page SET note = 'same edge' WHERE a = 8");
$writer->query_safe('CHECKPOINT');
catchup();
$reader->query_safe('CHECKPOINT');
$reader->quit;
my @files = map { $standby->data_dir . '/' . $writer->query_safe("SELECT pg_relation_filepath('$_')") } ('page', 'whole');
$standby->stop;
my @copies = map { slurp_file($_) } @files;
$standby->start;
$writer->query_safe('DELETE FROM page WHERE a = 8');
$writer->query_safe('VACUUM (TRUNCATE off) page');
$writer->query_safe('INSERT INTO page VALUES (8, 20), (20, 21)');
is($writer->query_safe('SELECT a, b, ctid FROM page WHERE a >= 8 ORDER BY ctid'),
	"8|20|(0,8)\n20|21|(0,9)", 'stale: pointers are used again');
$writer->query_safe('INSERT INTO whole VALUES (9, 10)');
$writer->query_safe('CHECKPOINT');
catchup();
$standby->safe_psql('postgres', 'CHECKPOINT');
$standby->stop;
foreach my $i (0, 1)
{
	open my $out, '>:raw', $files[$i] or die "could not write $files[$i]: $!";
	print $out $copies[$i];
	close $out;
}
$standby->start;
$reader = $standby->background_psql('postgres');
is(walked($reader), '1 2 3 4 5 6 7 8 20: looking fetching', 'stale: no row where none can be fetched');
is(walked($reader), '1 2 3 4 5 6 7 8 20: proof', 'stale: nor the next time');
is(walked($reader, 'whole'), '1 2 3 4 5 6 7 8 9: looking fetching', 'stale: nor behind the last pointer');
is(walked($reader, 'whole'), '1 2 3 4 5 6 7 8 9: proof', 'stale: nor there the next time');

$_->quit foreach ($writer, $reader, $local);
$standby->stop;
$primary->stop;

# ---- changes that are not logged ----

# With checksums a hint is logged, and gives its page an LSN.
my $minimal = pt_node('minimal', init => { no_data_checksums => 1 }, conf => <<'CONF');
autovacuum = off
wal_level = minimal
max_wal_senders = 0
wal_skip_threshold = 0
allow_in_place_tablespaces = on
CONF
$minimal->safe_psql('postgres', "CREATE TABLESPACE there LOCATION ''");
$minimal->safe_psql('postgres', $graph);
my $one = $minimal->background_psql('postgres');

is(walked($one), '1 2 3 4 5 6 7 8 9: looking fetching', 'minimal: the page is judged');
is(walked($one), '1 2 3 4 5 6 7 8 9: proof', 'minimal: and that is gone by');

# The file is copied, LSNs and all, and changes of the copy are not logged.
$one->query_safe('BEGIN; ALTER TABLE page SET TABLESPACE there; DELETE FROM page WHERE a = 8; COMMIT');
like(walked($one), qr/^1 2 3 4 5 6 7 8: looking/, 'minimal: a copied file is another');
is(walked($one), '1 2 3 4 5 6 7 8: proof', 'minimal: of which as much is kept');
$one->query_safe('BEGIN; ALTER TABLE page SET TABLESPACE pg_default');
is(walked($one), '1 2 3 4 5 6 7 8: looking fetching', 'minimal: in the transaction that made it nothing is kept') for 1 .. 2;
$one->query_safe('DELETE FROM page WHERE a = 6');
is(walked($one), '1 2 3 4 5 6: looking fetching', 'minimal: a deletion in it, not logged');
$one->query_safe('SAVEPOINT s; DELETE FROM page WHERE a = 3');
is(walked($one), '1 2 3: looking fetching', 'minimal: one in a subtransaction');
$one->query_safe('ROLLBACK TO s');
is(walked($one), '1 2 3 4 5 6: looking fetching', 'minimal: and back');
$one->query_safe('COMMIT');
like(walked($one), qr/^1 2 3 4 5 6: looking/, 'minimal: after the commit');
is(walked($one), '1 2 3 4 5 6: proof', 'minimal: what is found now stands');
$one->query_safe('DELETE FROM page WHERE a = 3');
like(walked($one), qr/^1 2 3: looking/, 'minimal: changes are logged again');

# In a file made in the transaction, which is emptied in place.
$one->query_safe('BEGIN; TRUNCATE page; INSERT INTO page SELECT i, i + 1 FROM generate_series(1, 8) i');
is(walked($one), '1 2 3 4 5 6 7 8 9: looking fetching', 'minimal: a new file') for 1 .. 2;
$one->query_safe('TRUNCATE page; INSERT INTO page SELECT i, i + 1 FROM generate_series(1, 4) i');
is(walked($one), '1 2 3 4 5: looking fetching', 'minimal: emptied in place');
$one->query_safe('COMMIT');
# its page has no LSN
is(walked($one), '1 2 3 4 5: looking fetching', 'minimal: a page without LSN is judged each time') for 1 .. 2;
$minimal->safe_psql('postgres', 'DELETE FROM page WHERE a = 3');
like(walked($one), qr/^1 2 3: looking/, 'minimal: which a logged change gives it');
is(walked($one), '1 2 3: proof', 'minimal: and then it is gone by');
$one->quit;
$minimal->stop;

done_testing();
