# VACUUM where the disk is full: it is what makes room, so an index must not need
# any for it.
use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin;

# All of this runs where a folder is a small file system: in a mount namespace of
# an unprivileged user, who is himself again in one within.
BEGIN
{
	if (!$ENV{PT_SMALL_DISK})
	{
		my $folder = tempdir(CLEANUP => 0);
		my @inside = ('unshare', '-rm', 'sh', '-c',
			"mount -t tmpfs -o size=4m,mode=1777 disk $folder && exec unshare --user --map-user=$> --map-group=" . ($) + 0) . ' "$@"', 'sh');
		if ($^O ne 'linux' || system("unshare --help 2>/dev/null | grep -q -- --map-user") != 0
			|| system(@inside, 'true') != 0)
		{
			print "1..0 # SKIP no namespace to mount a small disk in\n";
			rmdir $folder;
			exit 0;
		}
		$ENV{PT_SMALL_DISK} = $folder;
		exec { $inside[0] } @inside, $^X, (map { "-I$_" } @INC), $0;
	}
}

use lib $FindBin::RealBin;
use PtTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $disk = "$ENV{PT_SMALL_DISK}/pg";
mkdir $disk, 0700 or die "could not make $disk: $!";
my $node = pt_node('full', preload => 1, conf => "autovacuum = off\nwal_consistency_checking = 'Generic'\n");
$node->safe_psql('postgres', "CREATE TABLESPACE small LOCATION '$disk'");

# The index is on the small disk, the table is not.
$node->safe_psql('postgres', <<'SQL');
CREATE TABLE g (a int NOT NULL, b int NOT NULL, cost float8 GENERATED ALWAYS AS (a * 3 - b) STORED);
CREATE INDEX g_adj ON g USING adjacency (a, b) INCLUDE (cost) TABLESPACE small;
INSERT INTO g SELECT i, i + 1 FROM generate_series(1, 20000) i;
INSERT INTO g SELECT i, i + 20000 FROM generate_series(1, 20000) i;
VACUUM g;
CREATE TABLE filler (x text) TABLESPACE small;
ALTER TABLE filler ALTER x SET STORAGE external;
SQL
my $full = "INSERT INTO filler SELECT repeat('x', 7000) FROM generate_series(1, 10000)";
my ($state) = pt_psql_state($node, 'postgres', "$full;");
is($state, '53100', 'the disk is full');
system("cat /dev/zero > $ENV{PT_SMALL_DISK}/rest 2>/dev/null");
# and what the index itself has left
my $inserts = 0;
$inserts++ while $inserts < 500 && $node->psql('postgres', 'INSERT INTO g SELECT 50000 + i, 50001 + i FROM generate_series(1, 25) i') == 0;
cmp_ok($inserts, '<', 500, "the index cannot grow (after $inserts times 25 rows)");

my $session = $node->background_psql('postgres');
my $walk = "SELECT count(*) FROM graph_diff('g', '1', 'out', 40)";
is($session->query_safe($walk), '0', 'a session has an image');
foreach my $turn (1 .. 3)
{
	# rows of nearly every page, but not the newest, whose entries are staged
	$node->safe_psql('postgres', "DELETE FROM g WHERE a % 7 = $turn AND a < 15000");
	my ($rc, undef, $err) = $node->psql('postgres', 'VACUUM (INDEX_CLEANUP ON, TRUNCATE OFF) g');
	is("$rc|$err", '0|', "VACUUM, $turn: no error");
	pt_clean($node, "VACUUM, $turn", 'g_adj');
	pt_weights_agree($node, "VACUUM, $turn", 'g');
	is($session->query_safe($walk), '0', "VACUUM, $turn: an old image is not used");
	is($node->safe_psql('postgres', $walk), '0', "VACUUM, $turn: nor by a new session");
}

# Deaths in the stage.
$node->safe_psql('postgres', 'DELETE FROM g WHERE a IN (19998, 19999) AND b > 30000');
is($node->psql('postgres', 'VACUUM (INDEX_CLEANUP ON, TRUNCATE OFF) g'), 0, 'newest rows: no error');
pt_clean($node, 'newest rows', 'g_adj');
pt_weights_agree($node, 'newest rows', 'g');
is($session->query_safe("SELECT count(*) FROM graph_diff('g', '19998', 'out', 40)"), '0', 'newest rows: right answers');

# Most of it goes. There is no room to rewrite the log; once there is, it is.
my $epoch = $node->safe_psql('postgres', "SELECT epoch FROM pt_graph_status('g')");
$node->safe_psql('postgres', 'DELETE FROM g WHERE a > 3000');
is($node->psql('postgres', 'VACUUM (INDEX_CLEANUP ON, TRUNCATE OFF) g'), 0, 'most rows: no error');
pt_clean($node, 'most rows', 'g_adj');
pt_weights_agree($node, 'most rows', 'g');
is($node->safe_psql('postgres', $walk), '0', 'most rows: right answers');
unlink "$ENV{PT_SMALL_DISK}/rest";
$node->safe_psql('postgres', 'DROP TABLE filler; CHECKPOINT');
$node->safe_psql('postgres', 'VACUUM (INDEX_CLEANUP ON) g');
cmp_ok($node->safe_psql('postgres', "SELECT epoch FROM pt_graph_status('g')"), '>', $epoch, 'with room again the log is rewritten');
$node->safe_psql('postgres', 'INSERT INTO g SELECT i, i + 1 FROM generate_series(3001, 6000) i');
pt_clean($node, 'room again', 'g_adj');
pt_weights_agree($node, 'room again', 'g');
is($session->query_safe($walk), '0', 'room again: right answers');
$session->quit;

# A crash: what was marked without tombstones is replayed.
$node->stop('immediate');
$node->start;
pt_clean($node, 'after a crash', 'g_adj');
pt_weights_agree($node, 'after a crash', 'g');
is($node->safe_psql('postgres', $walk), '0', 'after a crash: right answers');
unlike(pt_log($node), qr/PANIC|TRAP|terminated by signal|WARNING|XX000/, 'nothing in the log');
$node->stop;
done_testing();
