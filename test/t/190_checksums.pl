# Data checksums. Writers, VACUUM, compaction and crashes leave no page with a
# wrong checksum, neither here nor on a standby that compares each page it
# replays; and where the disk has changed a byte of an index there is an error
# and no answer, the session goes on, and answers come back with the byte.
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use PtTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep);

my $node = pt_node('primary', preload => 1, init => { allows_streaming => 1, extra => ['--data-checksums'] }, conf => <<'CONF');
autovacuum = off
wal_consistency_checking = 'all'
wal_keep_size = 512MB
max_wal_size = 1GB
full_page_writes = on
jit = off
CONF
is($node->safe_psql('postgres', 'SHOW data_checksums'), 'on', 'data checksums are on');

$node->safe_psql('postgres', <<'SQL');
CREATE TABLE g (a int NOT NULL, b int NOT NULL, t text) WITH (fillfactor = 80);
CREATE INDEX g_adj ON g USING adjacency (a, b, t);
CREATE TABLE texts (a text NOT NULL, b text NOT NULL);
CREATE INDEX texts_adj ON texts USING adjacency (a, b);
CREATE UNLOGGED TABLE ul (a int NOT NULL, b int NOT NULL);
CREATE INDEX ul_adj ON ul USING adjacency (a, b);
INSERT INTO g SELECT i, i % 200 + 1, 'ring' FROM generate_series(1, 200) i;
INSERT INTO g SELECT i, (i * 7) % 200 + 1, 'seed' FROM generate_series(1, 600) i;
INSERT INTO texts SELECT 'k' || a, 'k' || b FROM g;
INSERT INTO ul SELECT a, b FROM g;
INSERT INTO pt_edge (from_key, to_key) SELECT 'k' || a, 'k' || b FROM g ON CONFLICT DO NOTHING;
ANALYZE;
SQL
$node->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'base', has_streaming => 1);
$standby->start;

my @graphs = (
	[ 'g', 'g_adj', "'{1,599}'::text[]" ],
	[ 'texts', 'texts_adj', "'{k1}'::text[]" ],
	[ 'pt_edge', 'pt_edge_adjacency', "'{k77}'::text[]" ]);

sub all_right
{
	my ($where, $what) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	foreach my $graph (@graphs)
	{
		pt_walks_agree($where, $what, $graph->[0], $graph->[2]);
		pt_clean($where, $what, $graph->[1]);
	}
	return;
}

# ---- a workload with crashes ----

my $write = pt_script($node, 'write', <<'SQL');
\set a random(1, 200)
\set b random(1, 200)
BEGIN;
INSERT INTO g SELECT :a, (:b + i) % 200 + 1, 'w' FROM generate_series(1, 15) i;
INSERT INTO texts SELECT 'k' || :a, 'k' || (:b + i) % 200 + 1 FROM generate_series(1, 15) i;
INSERT INTO ul SELECT :a, :b + i FROM generate_series(1, 5) i;
INSERT INTO pt_edge (from_key, to_key) VALUES ('k' || :a, 'k' || :b) ON CONFLICT DO NOTHING;
DELETE FROM g WHERE a = :b AND t <> 'ring';
DELETE FROM texts WHERE a = 'k' || :b;
UPDATE g SET t = 'x' WHERE a = :a AND t = 'w';
\if :a < 25
ROLLBACK;
\else
COMMIT;
\endif
SQL
my $vacuum = pt_script($node, 'vacuum', "VACUUM (INDEX_CLEANUP ON) g, texts, pt_edge, ul;\n\\sleep 50 ms\n");
foreach my $round (1, 2)
{
	my $bg = pt_bg($node, 'pgbench', '-n', '-c', '3', '-j', '2', '-T', '30', '-R', '250', '-f', "$write\@30", '-f', "$vacuum\@1", 'postgres');
	sleep(1.5);
	$node->stop('immediate');
	pt_bg_stop($bg);
	$node->start;
	all_right($node, "crash $round");
	$node->safe_psql('postgres', 'INSERT INTO ul SELECT a, b FROM g; VACUUM (INDEX_CLEANUP ON) g, texts, pt_edge, ul');
}

# Most of each graph goes, so that the log is compacted, then the free pages are
# written again; an index is built anew, another concurrently.
$node->safe_psql('postgres', <<'SQL');
INSERT INTO g SELECT i, i + 1, 'gone' FROM generate_series(1000, 30000) i;
INSERT INTO texts SELECT 'k' || i, 'k' || i + 1 FROM generate_series(1000, 30000) i;
DELETE FROM g WHERE t = 'gone';
DELETE FROM texts WHERE substr(a, 2)::int >= 1000;
SQL
my $epoch = $node->safe_psql('postgres', "SELECT epoch FROM pt_graph_status('g')");
$node->safe_psql('postgres', 'VACUUM (INDEX_CLEANUP ON) g, texts');
cmp_ok($node->safe_psql('postgres', "SELECT epoch FROM pt_graph_status('g')"), '>', $epoch, 'the log was compacted');
$node->safe_psql('postgres', <<'SQL');
INSERT INTO g SELECT i % 250 + 1, i % 133 + 1, 'again' FROM generate_series(1, 1500) i;
DELETE FROM g WHERE t = 'again' AND a % 3 = 0;
SQL
$node->safe_psql('postgres', $_) foreach 'VACUUM (INDEX_CLEANUP ON) g, texts', 'REINDEX INDEX texts_adj', 'REINDEX INDEX CONCURRENTLY pt_edge_adjacency', 'CHECKPOINT';
all_right($node, 'after the workload');

$node->wait_for_catchup($standby, 'replay', $node->lsn('insert'));
all_right($standby, 'the standby');
is($standby->safe_psql('postgres', "SELECT count(*), sum(distance) FROM pt_bfs('g', 1)"),
	$node->safe_psql('postgres', "SELECT count(*), sum(distance) FROM pt_bfs('g', 1)"), 'it gives the same answer');

# ---- pages that VACUUM adds to the file are whole in the log, whatever the setting ----

$node->append_conf('postgresql.conf', 'full_page_writes = off');
$node->reload;
$node->safe_psql('postgres', $_)
  foreach ('CHECKPOINT', 'CREATE TABLE short (a int NOT NULL, b int NOT NULL)', 'CREATE INDEX short_adj ON short USING adjacency (a, b)',
	'INSERT INTO short SELECT i, i + 1 FROM generate_series(1, 20000) i', 'DELETE FROM short WHERE a % 3 <> 0', 'VACUUM (INDEX_CLEANUP ON) short');
cmp_ok($node->safe_psql('postgres', "SELECT epoch FROM pt_graph_status('short')"), '>', 0, 'another log was compacted');
$node->wait_for_catchup($standby, 'replay', $node->lsn('insert'));
pt_clean($standby, 'compaction without whole pages', 'short_adj');
pt_walks_agree($standby, 'compaction without whole pages', 'short', "'{3,5}'::text[]");

# ---- every page has the checksum it should have ----

# What amcheck knows of: heaps and btrees. An adjacency index is passed over.
$node->command_ok([ 'pg_amcheck', '--install-missing', '--heapallindexed', '-d', 'postgres' ], 'pg_amcheck');
$node->command_ok([ 'pg_basebackup', '--no-sync', '-c', 'fast', '-D', $node->backup_dir . '/verified', '-h', $node->host, '-p', $node->port ],
	'pg_basebackup, which looks at each page');
$standby->safe_psql('postgres', 'CHECKPOINT');
foreach my $server ($standby, $node)
{
	$server->stop;
	$server->command_ok([ 'pg_checksums', '--check', '-D', $server->data_dir ], 'pg_checksums on the ' . $server->name);
}
unlike(slurp_file($_->logfile), qr/PANIC|inconsistent page|page verification failed|TRAP/, 'nothing in the log of the ' . $_->name) foreach $node, $standby;

# ---- a byte that the disk changed ----

# Change one bit of a file, or change it back.
sub flip
{
	my ($path, $block, $offset) = @_;
	my $file = $node->data_dir . "/$path";
	open my $fh, '+<:raw', $file or die "could not open $file: $!";
	sysseek($fh, $block * 8192 + $offset, 0) or die $!;
	sysread($fh, my $byte, 1) == 1 or die 'too short';
	sysseek($fh, $block * 8192 + $offset, 0) or die $!;
	syswrite($fh, chr(ord($byte) ^ 0x04)) == 1 or die $!;
	close $fh or die $!;
	return;
}

# The log of an index built anew begins on block 1.
$node->start;
$node->safe_psql('postgres', 'REINDEX INDEX g_adj; CHECKPOINT');
my $path = $node->safe_psql('postgres', "SELECT pg_relation_filepath('g_adj')");
cmp_ok($node->safe_psql('postgres', "SELECT pg_relation_size('g_adj') / current_setting('block_size')::int"), '>', 3, 'the index has pages to damage');
$node->stop;
my $walk = "SELECT count(*), sum(distance) FROM pt_bfs('g', 1)";

# The metapage; an entry in the midst of the log, which is read through; a page
# header.
foreach my $damage ([ 0, 40, 'the metapage' ], [ 1, 24 + 3 * 40, 'an entry' ], [ 2, 12, 'a page header' ])
{
	my ($block, $offset, $what) = @$damage;
	flip($path, $block, $offset);
	# pg_checksums sees it as well, so the damage is where it should be.
	$node->command_fails([ 'pg_checksums', '--check', '-D', $node->data_dir ], "$what: pg_checksums finds the damage");
	$node->start;
	my $session = $node->background_psql('postgres', on_error_stop => 0);
	$session->query_safe('\set VERBOSITY verbose');
	foreach my $query ($walk, $walk, "SELECT * FROM pt_callers('1', graph => 'g')", "SELECT * FROM pt_check_index('g_adj')",
		"SELECT * FROM pt_graph_status('g')", 'VACUUM (INDEX_CLEANUP ON) g')
	{
		# VACUUM has nothing to do unless rows died.
		$session->query("DELETE FROM g WHERE ctid IN (SELECT ctid FROM g WHERE t <> 'ring' LIMIT 1); $query") if $query =~ /^VACUUM/;
		$session->{stderr} = '';
		my ($out) = $session->query($query);
		like("$out$session->{stderr}", qr/^(?:psql:.*)?(?:WARNING:.*?)?ERROR:  XX00[12]: invalid page in block $block of relation/s, "$what: an error and no answer from " . substr($query, 0, 40));
	}
	# The server may fill such pages with zeros: no answer comes of it.
	$session->{stderr} = '';
	my ($out) = $session->query("SET zero_damaged_pages = on; $walk");
	is($out, '', "$what: no answer from a page of zeros");
	like($session->{stderr}, qr/ERROR:  XX002: .*\n(?:.*\n)*?HINT:  REINDEX it\./, "$what: but an error that says what to do");
	$session->{stderr} = '';
	is($session->query_safe("SELECT count(*) >= 199 FROM pt_blast_radius('k77', NULL)"), 't', "$what: the session goes on with another graph");
	is($session->query_safe("RESET zero_damaged_pages; SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype NOT IN ('virtualxid', 'relation')"),
		'0', "$what: and holds no lock");
	$session->quit;

	# The page of zeros was never written: the byte mended, all is well.
	$node->stop('immediate');
	flip($path, $block, $offset);
	$node->start;
	pt_walks_agree($node, "$what mended", 'g', "'{1}'::text[]");
	pt_clean($node, "$what mended", 'g_adj');
	$node->safe_psql('postgres', 'CHECKPOINT');
	$node->stop;
}

# A count that is too large, on a page that is read all the same: nothing is
# copied by it.
flip($path, 0, 113);
$node->start;
my $careless = $node->background_psql('postgres', on_error_stop => 0);
$careless->query_safe('\set VERBOSITY verbose');
$careless->query("SET ignore_checksum_failure = on; $_"), like($careless->{stderr}, qr/ERROR:  XX002: .*no valid adjacency metapage/, "more staged entries than there are: $_"),
  $careless->{stderr} = '' foreach $walk, "SELECT * FROM pt_graph_status('g')", "INSERT INTO g VALUES (1, 2, 'new')";
$careless->quit;
$node->stop('immediate');
flip($path, 0, 113);

# An index that stays damaged is made good by REINDEX, in a session that has met
# the damage.
flip($path, 1, 24 + 40);
$node->start;
my $session = $node->background_psql('postgres', on_error_stop => 0);
$session->query($walk);
like($session->{stderr}, qr/invalid page/, 'damaged again');
$session->{stderr} = '';
$session->query_safe('REINDEX INDEX g_adj');
is($session->query_safe("SELECT assert_walks('g', '{77}') > 0"), 't', 'REINDEX mends it');
$session->quit;
pt_clean($node, 'after REINDEX', 'g_adj');
$node->stop;
$node->command_ok([ 'pg_checksums', '--check', '-D', $node->data_dir ], 'and all pages are sound');

done_testing();
